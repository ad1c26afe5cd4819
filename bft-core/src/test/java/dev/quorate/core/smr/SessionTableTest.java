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
import java.util.NavigableMap;
import java.util.TreeMap;
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

    private static final int KEPT_BYTES = 65_536;
    private static final Limits SMALL = LIMITS.with(Limit.KEPT_RESULT_BYTES, KEPT_BYTES)
            .with(Limit.MAX_RESULT_BYTES, KEPT_BYTES - Limits.RESULT_OVERHEAD);

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
                one.complete(position, List.of(id), List.of(result(id.number())));
                other.complete(position, List.of(id), List.of(result(id.number())));
            }
        }
        assertThat(one.encode()).isEqualTo(other.encode());
    }

    /** Sizes are in quarters of what may be kept. */
    @Property
    void howFarItIsAheadOfTheServiceMakesNoDifference(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 23) Integer> requests,
            @ForAll @IntRange(min = 1, max = 10) int ahead) {
        SessionTable one = new SessionTable(SMALL);
        SessionTable other = new SessionTable(SMALL);
        NavigableMap<SequenceNumber, List<RequestId>> inService = new TreeMap<>();
        for (int i = 0; i < requests.size(); i++) {
            int drawn = requests.get(i);
            SequenceNumber position = new SequenceNumber(i + 1);
            RequestId any = new RequestId(new ClientId(drawn % 3), 1 + i % 7, 1);
            RequestId id = new RequestId(any.client(), any.session(), other.scheduled(any) + 1);
            boolean executes = other.schedule(id, position) == EXECUTE;
            assertThat(one.schedule(id, position) == EXECUTE).isEqualTo(executes);
            List<RequestId> batch = executes ? List.of(id) : List.of();
            other.complete(position, batch, results(batch, drawn));
            inService.put(position, batch);
            if (inService.size() == ahead || i == requests.size() - 1) {
                inService.forEach((at, waiting) ->
                        one.complete(at, waiting, results(waiting, requests.get((int) at.value() - 1))));
                inService.clear();
            }
        }
        assertThat(one.encode()).isEqualTo(other.encode());
        assertThat(one.encode().length()).isLessThan(2 * KEPT_BYTES);
        SessionTable copy = new SessionTable(SMALL);
        copy.decode(one.encode());
        assertThat(copy.encode()).isEqualTo(one.encode());
    }

    private static List<Result> results(List<RequestId> batch, int drawn) {
        return batch.stream()
                .map(id -> Result.ok(Bytes.wrap(new byte[drawn / 6 * KEPT_BYTES / 4])))
                .toList();
    }

    @Test
    @DisplayName("L1 who keeps much loses its oldest results, with a definite error, and others lose nothing")
    void l1WhoKeepsMuchLosesItsOldest() {
        SessionTable small = new SessionTable(SMALL);
        RequestId modest = new RequestId(new ClientId(8), 1, 1);
        small.schedule(modest, next());
        small.complete(new SequenceNumber(at), List.of(modest), List.of(result(1)));
        for (int session = 1; session <= 2; session++) {
            for (int number = 1; number <= 2; number++) {
                small.schedule(id(session, number), next());
                Result large = Result.ok(Bytes.wrap(new byte[KEPT_BYTES / 3]));
                small.complete(new SequenceNumber(at), List.of(id(session, number)), List.of(large));
            }
        }
        assertThat(small.answer(modest)).contains(result(1));
        assertThat(small.answer(id(1, 1))).contains(Result.error(Result.Outcome.NUMBER_TOO_OLD));
        assertThat(small.answer(id(1, 2))).contains(Result.error(Result.Outcome.NUMBER_TOO_OLD));
        assertThat(small.answer(id(2, 1)).orElseThrow().value().length()).isEqualTo(KEPT_BYTES / 3);
        assertThat(small.answer(id(2, 2)).orElseThrow().value().length()).isEqualTo(KEPT_BYTES / 3);
        assertThat(small.encode().length()).isLessThan(KEPT_BYTES + 1000);
    }

    private void execute(long session, long number) {
        assertThat(schedule(session, number)).isEqualTo(EXECUTE);
        table.complete(new SequenceNumber(at), List.of(id(session, number)), List.of(result(number)));
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
