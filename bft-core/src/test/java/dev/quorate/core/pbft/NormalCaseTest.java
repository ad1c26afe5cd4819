package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.backup;
import static dev.quorate.core.pbft.Steps.batch;
import static dev.quorate.core.pbft.Steps.bytes;
import static dev.quorate.core.pbft.Steps.commit;
import static dev.quorate.core.pbft.Steps.prePrepare;
import static dev.quorate.core.pbft.Steps.prepare;
import static dev.quorate.core.pbft.Steps.primary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.wire.Verified;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Castro and Liskov 1999, section 4.2, step by step. Four replicas, so f = 1 and a quorum has three. */
class NormalCaseTest {
    @Test
    void thePrimaryProposesARequestAtOnce() {
        Steps primary = primary();
        Verified<Request> request = primary.request(0, 1, "a");
        primary.on(request)
                .persists(prePrepare(0, 1, batch(request)))
                .broadcasts(prePrepare(0, 1, batch(request)))
                .nothingElse();
    }

    @Test
    void aBackupAcceptsAProposalAndPrepares() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch))
                .persists(prePrepare(0, 1, batch))
                .broadcasts(prepare(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    void aBackupThatHasPreparedCommits() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch)).whatever();
        // The proposal and two PREPAREs of backups, its own among them: q-1 of them make it prepared.
        backup.on(prepare(2, 0, 1, batch))
                .persists(prepare(1, 0, 1, batch))
                .persists(prepare(2, 0, 1, batch))
                .broadcasts(commit(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    void aReplicaExecutesWhatAQuorumCommitted() {
        Steps backup = prepared(backup(1), "a");
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(commit(0, 0, 1, batch)).nothingElse();
        backup.on(commit(2, 0, 1, batch)).executes(1, "a").nothingElse();
        backup.executed(1, "result")
                .replies(backup.request(0, 1, "a").message().id(), Result.ok(bytes("result")))
                .nothingElse();
    }

    @Test
    void thePrimaryPreparesWithTwoBackupsAndExecutes() {
        Steps primary = primary();
        Verified<Request> request = primary.request(0, 1, "a");
        Batch batch = batch(request);
        primary.on(request).whatever();
        primary.on(prepare(1, 0, 1, batch)).nothingElse();
        primary.on(prepare(2, 0, 1, batch))
                .persists(prepare(1, 0, 1, batch))
                .persists(prepare(2, 0, 1, batch))
                .broadcasts(commit(0, 0, 1, batch))
                .nothingElse();
        primary.on(commit(1, 0, 1, batch)).nothingElse();
        primary.on(commit(2, 0, 1, batch)).executes(1, "a").nothingElse();
    }

    @Test
    void whatArrivesWhileAProposalIsOpenIsProposedTogether() {
        Steps primary = primary();
        Verified<Request> b = primary.request(1, 1, "b");
        Verified<Request> c = primary.request(2, 1, "c");
        primary.on(primary.request(0, 1, "a")).whatever();
        primary.on(b).nothingElse();
        primary.on(c).nothingElse();
        primary.drained()
                .persists(prePrepare(0, 2, batch(b, c)))
                .broadcasts(prePrepare(0, 2, batch(b, c)))
                .nothingElse();
    }

    @Test
    @DisplayName("N8 votes may come before what they are for")
    void n8VotesMayComeBeforeTheProposal() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(commit(2, 0, 1, batch)).nothingElse();
        backup.on(commit(0, 0, 1, batch)).nothingElse();
        backup.on(prepare(2, 0, 1, batch)).nothingElse();
        backup.on(prepare(3, 0, 1, batch)).nothingElse();
        backup.on(prePrepare(0, 1, batch))
                .persists(prePrepare(0, 1, batch))
                .broadcasts(prepare(1, 0, 1, batch))
                .persists(prepare(1, 0, 1, batch))
                .persists(prepare(2, 0, 1, batch))
                .persists(prepare(3, 0, 1, batch))
                .broadcasts(commit(1, 0, 1, batch))
                .executes(1, "a")
                .nothingElse();
    }

    @Test
    void batchesExecuteInTheOrderOfTheirSequenceNumbers() {
        Steps backup = backup(1);
        Batch first = batch(backup.request(0, 1, "a"));
        Batch second = batch(backup.request(1, 1, "b"));
        order(backup, 2, second);
        assertThat(backup.status().executed().value()).isZero();
        order(backup, 1, first).executes(1, "a").executes(2, "b").nothingElse();
    }

    @Test
    @DisplayName("P4 a request that is proposed again executes once")
    void p4ARequestThatIsProposedAgainExecutesOnce() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        order(backup, 1, batch).executes(1, "a");
        backup.executed(1, "result").whatever();
        order(backup, 2, batch).executes(2).nothingElse();
    }

    @Test
    void aSessionsRequestsExecuteInTheirOrderWhateverThePrimaryProposes() {
        Steps backup = backup(1);
        Verified<Request> one = backup.request(0, 1, "one");
        Verified<Request> two = backup.request(0, 2, "two");
        order(backup, 1, batch(two, one, two)).executes(1, "one", "two").nothingElse();
    }

    @Test
    @DisplayName("P1 of two proposals for one position the first stands, and the primary is suspected")
    void p1OfTwoProposalsForOnePositionTheFirstStands() {
        Steps backup = backup(1);
        backup.on(prePrepare(0, 1, batch(backup.request(0, 1, "a")))).whatever();
        backup.on(prePrepare(0, 1, batch(backup.request(1, 1, "b"))))
                .rejects(RejectionReason.CONFLICTING)
                .reports(Notice.Equivocation.class)
                .broadcasts(new ReqViewChange(new ReplicaId(1), new View(1)))
                .nothingElse();
    }

    @Test
    @DisplayName("B1 a vote for another digest is discarded, and a later good vote counts")
    void b1AVoteForAnotherDigestIsDiscarded() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        Batch other = batch(backup.request(0, 1, "b"));
        backup.on(prePrepare(0, 1, batch)).whatever();
        backup.on(prepare(2, 0, 1, other)).rejects(RejectionReason.WRONG_DIGEST).nothingElse();
        backup.on(prepare(2, 0, 1, batch))
                .persists(prepare(1, 0, 1, batch))
                .persists(prepare(2, 0, 1, batch))
                .broadcasts(commit(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    @DisplayName("B2 of two votes of one replica the first counts, and the second is evidence")
    void b2OfTwoVotesTheFirstCounts() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        Batch other = batch(backup.request(0, 1, "b"));
        backup.on(prepare(2, 0, 1, batch)).nothingElse();
        backup.on(prepare(2, 0, 1, other))
                .rejects(RejectionReason.CONFLICTING)
                .reports(Notice.Equivocation.class)
                .nothingElse();
        backup.on(prePrepare(0, 1, batch))
                .persists(prePrepare(0, 1, batch))
                .broadcasts(prepare(1, 0, 1, batch))
                .persists(prepare(1, 0, 1, batch))
                .persists(prepare(2, 0, 1, batch))
                .broadcasts(commit(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    @DisplayName("B3 one sender repeated makes no quorum")
    void b3OneSenderRepeatedMakesNoQuorum() {
        Steps backup = prepared(backup(1), "a");
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(commit(2, 0, 1, batch)).nothingElse();
        backup.on(commit(2, 0, 1, batch)).rejects(RejectionReason.DUPLICATE).nothingElse();
        backup.on(commit(2, 0, 1, batch)).rejects(RejectionReason.DUPLICATE).nothingElse();
        assertThat(backup.status().executed().value()).isZero();
    }

    @Test
    void messagesOfAViewToComeAreHeld() {
        Steps backup = backup(2);
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(prePrepare(1, 1, batch)).nothingElse();
        backup.on(prepare(3, 1, 1, batch)).nothingElse();
        backup.on(commit(3, 7, 1, batch)).nothingElse();
        assertThat(backup.status().logEntries()).isZero();
    }

    @Test
    void positionsOutsideTheWindowAreRejected() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 257, batch))
                .rejects(RejectionReason.OUT_OF_WINDOW)
                .nothingElse();
        backup.on(commit(2, 0, 0, batch)).rejects(RejectionReason.OUT_OF_WINDOW).nothingElse();
        backup.on(prepare(2, 0, Long.MAX_VALUE, batch))
                .rejects(RejectionReason.OUT_OF_WINDOW)
                .nothingElse();
        assertThat(backup.status().logEntries()).isZero();
        backup.on(prepare(2, 0, 256, batch)).nothingElse();
    }

    /** A backup that has committed itself, and lacks two more COMMITs. */
    private static Steps prepared(Steps backup, String operation) {
        Batch batch = batch(backup.request(0, 1, operation));
        backup.on(prePrepare(0, 1, batch)).whatever();
        return backup.on(prepare(2, 0, 1, batch)).whatever();
    }

    /** Orders a batch at backup 1, and leaves the effects from its execution on. */
    private static Steps order(Steps backup, long at, Batch batch) {
        backup.on(prePrepare(0, at, batch)).whatever();
        backup.on(prepare(2, 0, at, batch)).whatever();
        backup.on(commit(0, 0, at, batch)).nothingElse();
        return backup.on(commit(2, 0, at, batch));
    }
}
