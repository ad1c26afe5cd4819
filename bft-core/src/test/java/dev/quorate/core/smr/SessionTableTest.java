package dev.quorate.core.smr;

import static dev.quorate.core.smr.SessionTable.Admission.EVICTED;
import static dev.quorate.core.smr.SessionTable.Admission.EXECUTE;
import static dev.quorate.core.smr.SessionTable.Admission.SKIP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two sessions for each client, two results for each session. */
class SessionTableTest {
    private static final Limits LIMITS =
            Limits.defaults().with(Limit.SESSIONS_PER_CLIENT, 2).with(Limit.REQUESTS_PER_SESSION, 2);

    private final SessionTable table = new SessionTable(LIMITS);
    private long at;

    @Test
    void aSessionExecutesItsNumbersInOrderAndOnce() {
        assertThat(schedule(1, 2)).isEqualTo(SKIP);
        assertThat(schedule(1, 1)).isEqualTo(EXECUTE);
        assertThat(schedule(1, 1)).isEqualTo(SKIP);
        assertThat(schedule(1, 3)).isEqualTo(SKIP);
        assertThat(schedule(1, 2)).isEqualTo(EXECUTE);
    }

    @Test
    @DisplayName("L3 a number that jumps harms only itself")
    void l3AJumpOpensNoSession() {
        assertThat(schedule(1, Long.MAX_VALUE)).isEqualTo(SKIP);
        assertThat(schedule(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(SKIP);
        assertThat(schedule(1, 1)).isEqualTo(EXECUTE);
    }

    @Test
    @DisplayName("L1 a repeated request gets its kept result, and later a definite error")
    void l1ARepeatedRequestIsAnswered() {
        assertThat(table.answer(id(1, 1))).isEmpty();
        execute(1, 1);
        assertThat(table.answer(id(1, 1))).contains(result(1));
        execute(1, 2);
        execute(1, 3);
        assertThat(table.answer(id(1, 3))).contains(result(3));
        assertThat(table.answer(id(1, 1))).contains(Result.error(Result.Outcome.NUMBER_TOO_OLD));
    }

    @Test
    void whatIsWithTheServiceHasNoAnswerYet() {
        schedule(1, 1);
        assertThat(table.answer(id(1, 1))).isEmpty();
        assertThat(table.scheduled(id(1, 1))).isEqualTo(1);
    }

    @Test
    @DisplayName("A9 a request of an evicted session never executes again")
    void a9AnEvictedSessionStaysEvicted() {
        execute(1, 1);
        execute(2, 1);
        execute(1, 2);
        execute(3, 1);
        // Session 2 is the one that was used least recently.
        assertThat(table.isEvicted(id(2, 1))).isTrue();
        assertThat(schedule(2, 1)).isEqualTo(EVICTED);
        assertThat(table.answer(id(2, 2))).contains(Result.error(Result.Outcome.SESSION_EVICTED));
        // Session 1 is older, and alive.
        assertThat(schedule(1, 3)).isEqualTo(EXECUTE);
        // Once it is gone too, nothing at or below the highest evicted id comes back.
        execute(4, 1);
        execute(5, 1);
        assertThat(schedule(1, 1)).isEqualTo(EVICTED);
    }

    @Test
    void oneClientsSessionsDoNotPushOutAnothers() {
        execute(1, 1);
        for (int session = 1; session < 10; session++) {
            table.schedule(new RequestId(new ClientId(8), session, 1), next());
        }
        assertThat(schedule(1, 2)).isEqualTo(EXECUTE);
    }

    @Property
    void equalHistoriesGiveEqualTablesAndEachRequestExecutesAtMostOnce(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 5) Integer> sessions,
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 4) Integer> numbers) {
        SessionTable one = new SessionTable(LIMITS);
        SessionTable other = new SessionTable(LIMITS);
        List<RequestId> executed = new ArrayList<>();
        for (int i = 0; i < Math.min(sessions.size(), numbers.size()); i++) {
            RequestId id = id(sessions.get(i), numbers.get(i));
            SequenceNumber position = new SequenceNumber(i + 1);
            SessionTable.Admission admission = one.schedule(id, position);
            assertThat(other.schedule(id, position)).isEqualTo(admission);
            if (admission == EXECUTE) {
                assertThat(executed).doesNotContain(id);
                executed.add(id);
                one.complete(id, result(id.number()));
                other.complete(id, result(id.number()));
            }
        }
        assertThat(one.encode()).isEqualTo(other.encode());
    }

    private void execute(long session, long number) {
        assertThat(schedule(session, number)).isEqualTo(EXECUTE);
        table.complete(id(session, number), result(number));
    }

    private SessionTable.Admission schedule(long session, long number) {
        return table.schedule(id(session, number), next());
    }

    private SequenceNumber next() {
        return new SequenceNumber(++at);
    }

    private static RequestId id(long session, long number) {
        return new RequestId(new ClientId(7), session, number);
    }

    private static Result result(long number) {
        return Result.ok(Bytes.copyOf(new byte[] {(byte) number}));
    }
}
