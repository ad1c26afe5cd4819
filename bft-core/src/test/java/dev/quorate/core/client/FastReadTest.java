package dev.quorate.core.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.InvocationException;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Result;
import dev.quorate.core.quorum.QuorumSystem;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reads that are not ordered, at the client: n = 4, f = 1, r = w = 3. */
class FastReadTest {
    private final ClientSteps client = ClientSteps.withFastReads();

    @Test
    void aReadGoesToAllAndCountsWhenThreeAgree() {
        client.reads(11, "get")
                .sendsReadToAll(1, "get")
                .startsReadTimer(1, 100)
                .startsTimer(-1, 10_000)
                .nothingElse();
        client.repliesToRead(0, 1, 5, "v").nothingElse();
        client.repliesToRead(0, 1, 5, "v").nothingElse();
        client.repliesToRead(2, 1, 5, "v").nothingElse();
        client.repliesToRead(3, 1, 5, "v")
                .stopsReadTimer(1)
                .stopsTimer(-1)
                .completes(11, "v")
                .nothingElse();
        client.repliesToRead(1, 1, 5, "v").nothingElse();
    }

    @Test
    void withoutFastReadsAReadIsOrdered() {
        ClientSteps ordering = ClientSteps.ofFourReplicas();
        ordering.reads(11, "get")
                .sends(0, 1, "get")
                .startsTimer(1, 100)
                .startsTimer(-1, 10_000)
                .nothingElse();
    }

    /** One faulty and one correct replica gave new, and then old, while a write was incomplete. */
    private static void a10a(ClientSteps client) {
        client.reads(11, "get").whatever();
        client.repliesToRead(0, 1, 20, "new").nothingElse();
        client.repliesToRead(3, 1, 20, "new").nothingElse();
        client.reads(12, "get").whatever();
        client.repliesToRead(1, 2, 10, "old").nothingElse();
        client.repliesToRead(3, 2, 10, "old").nothingElse();
    }

    @Test
    @DisplayName("A10 (a), L5 two of four do not make a read: it would not meet the next one")
    void l5TwoRepliesAreNotEnough() {
        a10a(client);
        assertFails(FastReadTest::a10a, new ClientParts() {
            @Override
            protected int readQuorum(QuorumSystem quorums) {
                return quorums.weak();
            }
        });
    }

    @Test
    @DisplayName("A10 (b), L5 equal results with different stamps do not count: the value came back")
    void l5EqualResultsOfDifferentStatesDoNotCount() {
        a10b(client);
        client.repliesToRead(1, 1, 12, "7")
                .stopsReadTimer(1)
                .sends(0, 1, "get")
                .startsTimer(1, 100)
                .nothingElse();
        assertFails(FastReadTest::a10b, new ClientParts() {
            @Override
            protected boolean agree(ReadReply one, ReadReply other) {
                return one.answer().digest().equals(other.answer().digest());
            }
        });
    }

    /** x is at 20, y at 10, z faulty; position 10 wrote 5, 11 wrote 7, which was acknowledged, and 20 wrote 5 again. */
    private static void a10b(ClientSteps client) {
        client.reads(11, "get").whatever();
        client.repliesToRead(0, 1, 20, "5").nothingElse();
        client.repliesToRead(2, 1, 10, "5").nothingElse();
        client.repliesToRead(3, 1, 20, "5").nothingElse();
    }

    private static void acknowledgement(ClientSteps client) {
        client.invokes(11, "put").whatever();
        client.replies(0, 1, "ok").nothingElse();
        client.replies(1, 1, "ok").nothingElse();
    }

    @Test
    @DisplayName("L5 with fast reads a write is acknowledged by three replicas, one of which every read meets")
    void l5AWriteWaitsForACertificateQuorum() {
        acknowledgement(client);
        client.replies(2, 1, "ok")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "ok")
                .nothingElse();
        assertFails(FastReadTest::acknowledgement, new ClientParts() {
            @Override
            protected int requestQuorum(QuorumSystem quorums, boolean fastReads) {
                return quorums.weak();
            }
        });
    }

    @Test
    @DisplayName("L6 a client short of replies to a write asks all, and gets them from those who executed it")
    void l6AClientShortOfRepliesAsksAll() {
        client.invokes(11, "put").whatever();
        client.replies(1, 1, "ok").nothingElse();
        client.replies(2, 1, "ok").nothingElse();
        client.timerFires(1).sendsToAll(1, "put").startsTimer(1, 200).nothingElse();
        client.replies(3, 1, "ok")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "ok")
                .nothingElse();
    }

    @Test
    @DisplayName("L6 a read on which the replicas do not agree in time is ordered")
    void l6AReadWithoutAgreementIsOrdered() {
        client.reads(11, "get").whatever();
        client.repliesToRead(0, 1, 20, "new").nothingElse();
        client.repliesToRead(1, 1, 10, "old").nothingElse();
        client.readTimerFires(1)
                .stopsReadTimer(1)
                .sends(0, 1, "get")
                .startsTimer(1, 100)
                .nothingElse();
        client.repliesToRead(2, 1, 20, "new").nothingElse();
        for (int replica = 0; replica < 2; replica++) {
            client.replies(replica, 1, "new").nothingElse();
        }
        client.replies(2, 1, "new")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "new")
                .nothingElse();
    }

    @Test
    void aReadThatCannotSucceedAnyMoreIsOrderedAtOnce() {
        client.reads(11, "get").whatever();
        client.repliesToRead(0, 1, 1, "a").nothingElse();
        client.repliesToRead(1, 1, 2, "b").nothingElse();
        client.repliesToRead(2, 1, 3, "c")
                .stopsReadTimer(1)
                .sends(0, 1, "get")
                .startsTimer(1, 100)
                .nothingElse();
    }

    @Test
    void whereTheServiceDoesNotReadItIsOrderedAtOnce() {
        Answer failed = Answer.whole(Result.error(Result.Outcome.SERVICE_FAILED));
        client.reads(11, "get").whatever();
        client.repliesToRead(0, 1, 1, failed).nothingElse();
        client.repliesToRead(1, 1, 1, failed)
                .stopsReadTimer(1)
                .sends(0, 1, "get")
                .startsTimer(1, 100)
                .nothingElse();
    }

    @Test
    @DisplayName("L4 of a large result the whole has to be there, and fit its digests")
    void l4ALargeResultNeedsItsWhole() {
        Answer digest = Answer.byDigest(Result.ok(ClientSteps.bytes("large")));
        client.reads(11, "get").whatever();
        for (int replica = 1; replica < 4; replica++) {
            client.repliesToRead(replica, 1, 5, digest).nothingElse();
        }
        client.repliesToRead(0, 1, 5, "large")
                .stopsReadTimer(1)
                .stopsTimer(-1)
                .completes(11, "large")
                .nothingElse();
        client.reads(12, "get").whatever();
        client.repliesToRead(1, 2, 5, "lie").nothingElse();
        for (int replica = 2; replica < 4; replica++) {
            client.repliesToRead(replica, 2, 5, digest).nothingElse();
        }
        client.repliesToRead(0, 2, 5, digest)
                .stopsReadTimer(2)
                .sends(0, 1, "get")
                .whatever();
    }

    @Test
    void aReadEndsAtItsDeadlineAndIsNotOrderedAfterIt() {
        client.reads(11, "get").whatever();
        client.timerFires(-1).fails(11, InvocationException.Reason.TIMEOUT).nothingElse();
        client.readTimerFires(1).stopsReadTimer(1).nothingElse();
        client.repliesToRead(0, 1, 5, "v").nothingElse();
    }

    @Test
    void theDeadlineOfAReadThatIsOrderedIsThatOfTheCall() {
        client.reads(11, "get").whatever();
        client.readTimerFires(1).whatever();
        client.timerFires(-1).fails(11, InvocationException.Reason.TIMEOUT).nothingElse();
    }

    @Test
    void moreReadsThanMayBeUnderWayAreOrdered() {
        client.reads(11, "a").whatever();
        client.reads(12, "b").whatever();
        client.reads(13, "c")
                .sends(0, 1, "c")
                .startsTimer(1, 100)
                .startsTimer(-3, 10_000)
                .nothingElse();
    }

    private static void assertFails(Consumer<ClientSteps> history, ClientParts broken) {
        assertThatThrownBy(() -> history.accept(ClientSteps.withFastReads(broken)))
                .as("with its rule taken out")
                .isInstanceOf(AssertionError.class);
    }
}
