package dev.quorate.core.client;

import static dev.quorate.core.client.ClientSteps.MAX_OUTSTANDING;
import static dev.quorate.core.client.ClientSteps.SELF;
import static dev.quorate.core.client.ClientSteps.SESSION;
import static dev.quorate.core.client.ClientSteps.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.InvocationException.Reason;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The client's side (Castro and Liskov 1999, section 4.1), step by step; f = 1 unless a test says otherwise. */
class ClientProtocolTest {
    private final ClientSteps client = ClientSteps.ofFourReplicas();

    @Test
    void aRequestGoesToThePrimaryFirst() {
        client.invokes(11, "a")
                .sends(0, 1, "a")
                .startsTimer(1, 100)
                .startsTimer(-1, 10_000)
                .nothingElse();
    }

    @Test
    void aResultCountsWhenTwoReplicasSayTheSame() {
        client.invokes(11, "a").whatever();
        client.replies(1, 1, "A").nothingElse();
        client.replies(3, 1, "A")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "A")
                .nothingElse();
        client.replies(2, 1, "A").nothingElse();
    }

    @Test
    @DisplayName("L4: one lying replier of four cannot make up a result, first or last")
    void l4OneLiarOfFour() {
        client.invokes(11, "a").whatever();
        client.replies(2, 1, "lie").nothingElse();
        client.replies(0, 1, "A").nothingElse();
        client.replies(2, 1, "another lie").nothingElse();
        client.replies(1, 1, "A")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "A")
                .nothingElse();
    }

    @Test
    @DisplayName("L4: f lying repliers that agree are not enough; f+1 is three of seven")
    void l4TwoLiarsOfSeven() {
        ClientSteps seven = ClientSteps.ofSevenReplicas();
        seven.invokes(11, "a").whatever();
        seven.replies(5, 1, "lie").nothingElse();
        seven.replies(6, 1, "lie").nothingElse();
        seven.replies(0, 1, "A").nothingElse();
        seven.replies(1, 1, "A").nothingElse();
        seven.replies(2, 1, "A").stopsTimer(1).stopsTimer(-1).completes(11, "A").nothingElse();
    }

    @Test
    @DisplayName("N7: a client that loses its channel to the primary sends to all at once")
    void n7WithoutAChannelToThePrimaryRequestsGoToAll() {
        client.invokes(11, "a").sends(0, 1, "a").whatever();
        client.loses(2).nothingElse();
        client.loses(0).sendsToAll(1, "a").nothingElse();
        client.invokes(12, "b").sendsToAll(2, "b").whatever();
        client.regains(0).nothingElse();
        client.replies(1, 1, "A").whatever();
        client.replies(2, 1, "A").whatever();
        client.invokes(13, "c").sends(0, 3, "c").whatever();
    }

    @Test
    @DisplayName("B3: a replica that says the same twice counts once")
    void b3ARepeatedReplyCountsOnce() {
        client.invokes(11, "a").whatever();
        client.replies(1, 1, "A").nothingElse();
        client.replies(1, 1, "A").nothingElse();
        client.replies(1, 5, 1, "A").nothingElse();
    }

    @Test
    void theLastWordOfAReplicaCounts() {
        client.invokes(11, "a").whatever();
        client.replies(1, 1, "old").nothingElse();
        client.replies(1, 1, "A").nothingElse();
        client.replies(2, 1, "old").nothingElse();
        client.replies(3, 1, "A")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "A")
                .nothingElse();
    }

    @Test
    void anErrorIsAResultLikeAnyOther() {
        RequestId request = new RequestId(SELF, SESSION, 1);
        Result error = Result.error(Result.Outcome.SERVICE_FAILED);
        client.invokes(11, "a").whatever();
        client.repliesTo(0, 0, request, error).nothingElse();
        client.repliesTo(1, 0, request, Result.ok(bytes(""))).nothingElse();
        client.repliesTo(2, 0, request, error)
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, error)
                .nothingElse();
    }

    @Test
    @DisplayName("L1: replies for another session, another client or another number do not count")
    void l1RepliesToOtherRequestsDoNotCount() {
        client.invokes(11, "a").whatever();
        for (int replica = 0; replica < 4; replica++) {
            Result result = Result.ok(bytes("A"));
            client.repliesTo(replica, 0, new RequestId(SELF, SESSION - 1, 1), result)
                    .nothingElse();
            client.repliesTo(replica, 0, new RequestId(new ClientId(3), SESSION, 1), result)
                    .nothingElse();
            client.repliesTo(replica, 0, new RequestId(SELF, SESSION, 2), result)
                    .nothingElse();
        }
        assertThat(client.client().view()).isEqualTo(View.ZERO);
    }

    @Test
    void withoutAnAnswerItGoesToAllAgainAndAgainWithBackOff() {
        client.invokes(11, "a").whatever();
        for (long delay : new long[] {200, 400, 800, 800, 800}) {
            client.timerFires(1).sendsToAll(1, "a").startsTimer(1, delay).nothingElse();
        }
    }

    @Test
    void aTimerThatFiresLateIsIgnored() {
        client.invokes(11, "a").whatever();
        client.replies(0, 1, "A").nothingElse();
        client.replies(1, 1, "A").whatever();
        client.timerFires(1).nothingElse();
        client.timerFires(-1).nothingElse();
        client.timerFires(99).nothingElse();
        client.timerFires(-99).nothingElse();
    }

    @Test
    @DisplayName("An invocation that timed out fails once; its request is still sent, and later ones go on")
    void aTimeoutDoesNotBlockWhatFollows() {
        client.invokes(11, "a").whatever();
        client.timerFires(-1).fails(11, Reason.TIMEOUT).nothingElse();
        client.timerFires(-1).nothingElse();
        client.timerFires(1).sendsToAll(1, "a").startsTimer(1, 200).nothingElse();

        client.invokes(12, "b")
                .sends(0, 2, "b")
                .startsTimer(2, 100)
                .startsTimer(-2, 10_000)
                .nothingElse();
        client.replies(0, 1, "A").nothingElse();
        client.replies(1, 1, "A").stopsTimer(1).nothingElse();
        client.replies(0, 2, "B").nothingElse();
        client.replies(1, 2, "B")
                .stopsTimer(2)
                .stopsTimer(-2)
                .completes(12, "B")
                .nothingElse();
    }

    @Test
    @DisplayName("L3: no more than W_c requests are outstanding, counted from the oldest")
    void l3TheWindowOfASessionIsKept() {
        client.invokes(11, "a").whatever();
        client.invokes(12, "b")
                .sends(0, 2, "b")
                .startsTimer(2, 100)
                .startsTimer(-2, 10_000)
                .nothingElse();
        client.invokes(13, "c").startsTimer(-3, 10_000).nothingElse();

        // The second completes, but the first does not: the replicas' window has not moved.
        client.replies(0, 2, "B").nothingElse();
        client.replies(1, 2, "B")
                .stopsTimer(2)
                .stopsTimer(-2)
                .completes(12, "B")
                .nothingElse();
        client.replies(0, 1, "A").nothingElse();
        client.replies(1, 1, "A")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "A")
                .sends(0, 3, "c")
                .startsTimer(3, 100)
                .nothingElse();
    }

    @Test
    void aWaitingInvocationKeepsItsDeadlineWhenItIsSent() {
        client.invokes(11, "a").whatever();
        client.invokes(12, "b").whatever();
        client.invokes(13, "c").whatever();
        client.replies(0, 1, "A").nothingElse();
        client.replies(1, 1, "A").whatever();
        client.timerFires(-3).fails(13, Reason.TIMEOUT).nothingElse();
        client.replies(0, 3, "C").nothingElse();
        client.replies(1, 3, "C").stopsTimer(3).nothingElse();
    }

    @Test
    @DisplayName("An invocation whose time is over while it waits is never sent, and leaves no gap in the session")
    void aWaitingInvocationTimesOut() {
        client.invokes(11, "a").whatever();
        client.invokes(12, "b").whatever();
        client.invokes(13, "c").whatever();
        client.invokes(14, "d").whatever();
        client.timerFires(-3).fails(13, Reason.TIMEOUT).nothingElse();
        client.replies(0, 1, "A").nothingElse();
        client.replies(1, 1, "A")
                .stopsTimer(1)
                .stopsTimer(-1)
                .completes(11, "A")
                .sends(0, 3, "d")
                .startsTimer(3, 100)
                .nothingElse();
    }

    @Test
    @DisplayName("The waiting queue is bounded: 64 for each that may be outstanding, and not one more")
    void theWaitingQueueIsBounded() {
        int bound = MAX_OUTSTANDING + 64 * MAX_OUTSTANDING;
        for (int ticket = 1; ticket <= bound; ticket++) {
            client.invokes(ticket, "a").whatever();
        }
        client.invokes(bound + 1, "a").fails(bound + 1, Reason.OVERLOADED).nothingElse();

        client.replies(0, 1, "A").nothingElse();
        client.replies(1, 1, "A").whatever();
        client.invokes(bound + 2, "a").startsTimer(-(bound + 1), 10_000).nothingElse();
        client.invokes(bound + 3, "a").fails(bound + 3, Reason.OVERLOADED).nothingElse();
    }

    @Test
    void aViewIsBelievedWhenTwoReplicasHaveReachedIt() {
        client.invokes(11, "a").whatever();
        client.replies(1, 5, 1, "A").nothingElse();
        assertThat(client.client().view()).isEqualTo(View.ZERO);
        client.replies(2, 6, 1, "A").whatever();
        assertThat(client.client().view()).isEqualTo(new View(5));
        client.invokes(12, "b").sends(1, 2, "b").whatever();
    }

    @Test
    @DisplayName("V2: one replica that names a huge view is not believed, nor one that stays behind")
    void v2OneReplicaCannotMoveTheViewOrHoldItBack() {
        for (int number = 1; number <= 3; number++) {
            client.invokes(10 + number, "a").whatever();
            client.replies(3, 1L << 60, number, "A").nothingElse();
            client.replies(0, 0, number, "A").whatever();
            client.replies(1, 1, number, "A").nothingElse();
            client.replies(2, 1, number, "A").nothingElse();
            assertThat(client.client().view()).isEqualTo(new View(1));
        }
        client.replies(1, 0, 3, "A").nothingElse();
        client.replies(2, 0, 3, "A").nothingElse();
        assertThat(client.client().view()).as("a view never goes back").isEqualTo(new View(1));
    }

    @Test
    void repliesThatDisagreeMoveTheViewAllTheSame() {
        client.invokes(11, "a").whatever();
        client.replies(1, 5, 1, "A").nothingElse();
        client.replies(2, 5, 1, "B").nothingElse();
        assertThat(client.client().view()).isEqualTo(new View(5));
        client.timerFires(1).sendsToAll(1, "a").startsTimer(1, 200).nothingElse();
    }

    @Test
    void aClientListensToAnswersOnly() {
        ClientRules rules = new ClientRules();
        for (MessageType type : MessageType.values()) {
            boolean answer =
                    type == MessageType.REPLY || type == MessageType.READ_REPLY || type == MessageType.INSPECTION;
            assertThat(rules.violation(SomeMessage.of(type)).isEmpty())
                    .as("%s", type)
                    .isEqualTo(answer);
        }
        assertThat(rules.violation(SomeMessage.of(MessageType.PRE_PREPARE))).contains(RejectionReason.NOT_PERMITTED);
    }
}
