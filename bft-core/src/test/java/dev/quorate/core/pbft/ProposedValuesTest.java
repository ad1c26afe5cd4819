package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.backup;
import static dev.quorate.core.pbft.Steps.batch;
import static dev.quorate.core.pbft.Steps.batchAt;
import static dev.quorate.core.pbft.Steps.commit;
import static dev.quorate.core.pbft.Steps.prePrepare;
import static dev.quorate.core.pbft.Steps.predicting;
import static dev.quorate.core.pbft.Steps.prepare;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.smr.Event;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a primary proposes beside the requests (Castro and Liskov 1999, section 4.6), step by step. */
class ProposedValuesTest {
    private static final long NOW = 1_000_000_000;
    private static final int SKEW = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {NOW - SKEW - 1, NOW + SKEW + 1, 0, 1L << 62})
    @DisplayName("P10 a backup does not vote for a time too far from its clock, and suspects the primary")
    void p10ATimeTooFarFromTheClockIsNotVotedFor(long millis) {
        Steps backup = backup(1).clock(NOW);
        backup.on(prePrepare(0, 1, batchAt(millis, "", backup.request(0, 1, "a"))))
                .rejects(RejectionReason.UNACCEPTABLE_VALUES)
                .broadcasts(new ReqViewChange(new ReplicaId(1), new View(1)))
                .nothingElse();
    }

    @ParameterizedTest
    @ValueSource(longs = {NOW - SKEW, NOW, NOW + SKEW})
    void aTimeCloseToTheClockIsVotedFor(long millis) {
        Steps backup = backup(1).clock(NOW);
        Batch batch = batchAt(millis, "", backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch))
                .persists(prePrepare(0, 1, batch))
                .broadcasts(prepare(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    void aBackupThatSleptJudgesByTheTimeAtWhichItWoke() {
        Steps backup = backup(1).clock(NOW);
        backup.on(new Event.Drained(NOW)).nothingElse();
        long morning = NOW + 8 * 3_600_000;
        Batch batch = batchAt(morning, "", backup.request(0, 1, "a"));
        backup.clock(morning)
                .on(prePrepare(0, 1, batch))
                .persists(prePrepare(0, 1, batch))
                .broadcasts(prepare(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    @DisplayName("P10 a null batch has no time to be judged")
    void p10ANullBatchHasNoTime() {
        Steps backup = backup(1).clock(NOW);
        backup.on(prePrepare(0, 1, batch()))
                .persists(prePrepare(0, 1, batch()))
                .broadcasts(prepare(1, 0, 1, batch()))
                .nothingElse();
    }

    @Test
    @DisplayName("P10 what the others accept is committed at a backup that would not vote for it")
    void p10WhatTheOthersAcceptIsCommitted() {
        Steps backup = backup(1).clock(NOW);
        Batch batch = batchAt(NOW + SKEW + 1, "", backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch)).whatever();
        backup.on(commit(0, 0, 1, batch)).nothingElse();
        backup.on(commit(2, 0, 1, batch)).nothingElse();
        backup.on(commit(3, 0, 1, batch)).executesAtTime(1, NOW + SKEW + 1).nothingElse();
    }

    @Test
    void theAgreedTimeNeverGoesBack() {
        Steps backup = backup(1).clock(NOW);
        order(backup, 1, batchAt(NOW + 500, "", backup.request(0, 1, "a"))).executesAtTime(1, NOW + 500);
        order(backup, 2, batchAt(NOW - 500, "", backup.request(0, 2, "b"))).executesAtTime(2, NOW + 500);
        order(backup, 3, batchAt(NOW + 600, "", backup.request(0, 3, "c"))).executesAtTime(3, NOW + 600);
    }

    @Test
    void theSkewOfTheseTestsIsTheDefault() {
        assertThat(Limit.MAX_CLOCK_SKEW.defaultValue()).isEqualTo(SKEW);
    }

    private static Steps order(Steps backup, long at, Batch batch) {
        backup.on(prePrepare(0, at, batch)).whatever();
        backup.on(prepare(2, 0, at, batch)).whatever();
        backup.on(commit(0, 0, at, batch)).nothingElse();
        return backup.on(commit(2, 0, at, batch));
    }

    // --- predictions

    @Test
    void thePrimaryAsksForAPredictionBeforeItProposesOneBatchAtATime() {
        Steps primary = predicting(0).clock(NOW);
        Batch first = batchAt(NOW, "sunny", primary.request(0, 1, "a"));
        Batch second = batchAt(NOW, "rainy", primary.request(1, 1, "b"));
        primary.on(primary.request(0, 1, "a")).predicts(0, 1, "a").nothingElse();
        primary.on(primary.request(1, 1, "b")).nothingElse();
        primary.predicted(0, 1, "sunny")
                .persists(prePrepare(0, 1, first))
                .broadcasts(prePrepare(0, 1, first))
                .predicts(0, 2, "b")
                .nothingElse();
        primary.predicted(0, 2, "rainy")
                .persists(prePrepare(0, 2, second))
                .broadcasts(prePrepare(0, 2, second))
                .nothingElse();
    }

    @Test
    void aPredictionThatNobodyAskedForIsIgnored() {
        Steps primary = predicting(0);
        primary.predicted(0, 1, "sunny").nothingElse();
        primary.on(primary.request(0, 1, "a")).predicts(0, 1, "a").nothingElse();
        primary.predicted(4, 1, "of another view").nothingElse();
        primary.predicted(0, 2, "of another position").nothingElse();
    }

    @Test
    void aBackupAsksItsServiceBeforeItVotes() {
        Steps backup = predicting(1).clock(NOW);
        Batch batch = batchAt(NOW, "sunny", backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch)).judges(1, batch, "sunny").nothingElse();
        backup.on(prepare(2, 0, 1, batch)).nothingElse();
        backup.judged(1, batchAt(NOW, "another", backup.request(0, 1, "a")), true)
                .nothingElse();
        // However long it took, the time was judged when the proposal came.
        backup.clock(NOW + 10 * SKEW).nothingElse();
        backup.judged(1, batch, true)
                .persists(prePrepare(0, 1, batch))
                .broadcasts(prepare(1, 0, 1, batch))
                .persists(prepare(1, 0, 1, batch))
                .persists(prepare(2, 0, 1, batch))
                .broadcasts(commit(1, 0, 1, batch))
                .nothingElse();
        backup.judged(1, batch, true).nothingElse();
    }

    @Test
    @DisplayName("P10 a backup does not vote for a prediction that its service refuses, and suspects the primary")
    void p10ARefusedPredictionIsNotVotedFor() {
        Steps backup = predicting(1).clock(NOW);
        Batch batch = batchAt(NOW, "absurd", backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch)).judges(1, batch, "absurd").nothingElse();
        backup.judged(1, batch, false)
                .rejects(RejectionReason.UNACCEPTABLE_VALUES)
                .broadcasts(new ReqViewChange(new ReplicaId(1), new View(1)))
                .nothingElse();
        backup.judged(1, batch, true).nothingElse();
    }

    @Test
    @DisplayName("P10 a prediction for a service that does not predict is not voted for")
    void p10APredictionForAServiceThatDoesNotPredict() {
        Steps backup = backup(1).clock(NOW);
        backup.on(prePrepare(0, 1, batchAt(NOW, "sunny", backup.request(0, 1, "a"))))
                .rejects(RejectionReason.UNACCEPTABLE_VALUES)
                .broadcasts(new ReqViewChange(new ReplicaId(1), new View(1)))
                .nothingElse();
    }

    @Test
    void anAbsurdTimeIsNotShownToTheService() {
        Steps backup = predicting(1).clock(NOW);
        backup.on(prePrepare(0, 1, batchAt(NOW + SKEW + 1, "sunny", backup.request(0, 1, "a"))))
                .rejects(RejectionReason.UNACCEPTABLE_VALUES)
                .broadcasts(new ReqViewChange(new ReplicaId(1), new View(1)))
                .nothingElse();
    }

    @Test
    void aPredictionThatComesAfterTheViewWasLeftIsIgnored() {
        Steps primary = predicting(0);
        primary.on(primary.request(0, 1, "a")).predicts(0, 1, "a").nothingElse();
        primary.on(new ReqViewChange(new ReplicaId(1), new View(1))).nothingElse();
        primary.on(new ReqViewChange(new ReplicaId(2), new View(1))).whatever();
        primary.predicted(0, 1, "sunny").nothingElse();
    }

    @Test
    void aJudgementThatComesAfterTheViewWasLeftIsIgnored() {
        Steps backup = predicting(1).clock(NOW);
        Batch batch = batchAt(NOW, "sunny", backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch)).judges(1, batch, "sunny").nothingElse();
        backup.on(new ReqViewChange(new ReplicaId(2), new View(2))).nothingElse();
        backup.on(new ReqViewChange(new ReplicaId(3), new View(2))).whatever();
        backup.judged(1, batch, true).nothingElse();
    }
}
