package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.backup;
import static dev.quorate.core.pbft.Steps.batch;
import static dev.quorate.core.pbft.Steps.commit;
import static dev.quorate.core.pbft.Steps.prePrepare;
import static dev.quorate.core.pbft.Steps.prepare;
import static dev.quorate.core.pbft.Steps.primary;
import static dev.quorate.core.pbft.Steps.status;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Request;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is lost on the way is sent again: each replica says where it is, and gets what comes next. */
class StatusTest {
    private static final Event TICK = new Event.TimerFired(new TimerId(TimerId.Kind.STATUS, View.ZERO));

    @Test
    void aReplicaThatLacksNothingIsQuietUntilTheIdleIntervalIsOver() {
        Steps backup = backup(1);
        backup.on(new Event.Started(Bytes.EMPTY)).startsTimer().nothingElse();
        for (int i = 1; i < 10; i++) {
            backup.on(TICK).startsTimer().nothingElse();
        }
        backup.on(TICK).broadcasts(status(1, 0, 0)).startsTimer().nothingElse();
    }

    @Test
    void aReplicaThatLacksSomethingSaysWhereItIs() {
        Steps backup = backup(1);
        backup.on(commit(2, 0, 1, batch(backup.request(0, 1, "a")))).nothingElse();
        backup.on(TICK).broadcasts(status(1, 0, 0)).startsTimer().nothingElse();
    }

    @Test
    void aReplicaThatHearsOfAnotherFurtherOnAsksFromThenOn() {
        Steps backup = backup(1);
        backup.on(status(2, 0, 7)).nothingElse();
        backup.on(TICK).broadcasts(status(1, 0, 0)).startsTimer().nothingElse();
    }

    @Test
    @DisplayName("T3 a lie about how far others are is not believed beyond the window")
    void t3AnAbsurdStatusIsNotBelieved() {
        Steps backup = backup(1);
        backup.on(status(2, Long.MAX_VALUE, Long.MAX_VALUE)).nothingElse();
        backup.on(TICK).startsTimer().nothingElse();
    }

    @Test
    void thePrimaryAnswersWithItsProposalAndVotes() {
        Steps primary = primary();
        Batch batch = batch(primary.request(0, 1, "a"));
        primary.on(primary.request(0, 1, "a")).whatever();
        primary.on(prepare(1, 0, 1, batch)).whatever();
        primary.on(prepare(2, 0, 1, batch)).whatever();
        primary.on(status(3, 0, 0))
                .sends(3, prePrepare(0, 1, batch))
                .sends(3, commit(0, 0, 1, batch))
                .nothingElse();
    }

    @Test
    @DisplayName("P7 a backup that the primary leaves out gets the proposal from other backups")
    void p7ABackupPassesTheProposalOn() {
        Steps backup = backup(1);
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(prePrepare(0, 1, batch)).whatever();
        backup.on(status(3, 0, 0))
                .sends(3, prePrepare(0, 1, batch))
                .sends(3, prepare(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    @DisplayName("T5 one answer to each peer in an interval, however often it asks")
    void t5AnswersAreRationed() {
        Steps backup = backup(1);
        backup.on(prePrepare(0, 1, batch(backup.request(0, 1, "a")))).whatever();
        backup.on(status(3, 0, 0)).whatever();
        backup.on(status(3, 0, 0)).rejects(RejectionReason.QUOTA_EXCEEDED).nothingElse();
        backup.on(TICK).whatever();
        Batch batch = batch(backup.request(0, 1, "a"));
        backup.on(status(3, 0, 0))
                .sends(3, prePrepare(0, 1, batch))
                .sends(3, prepare(1, 0, 1, batch))
                .nothingElse();
    }

    @Test
    void aNewChannelIsGreetedWithAStatus() {
        backup(1)
                .on(new Event.PeerConnected(new ReplicaId(3)))
                .sends(3, status(1, 0, 0))
                .nothingElse();
    }

    @Test
    @DisplayName("N7 a request that reaches a backup only is passed on to the primary, again if nothing comes of it")
    void n7ABackupPassesRequestsOn() {
        Steps backup = backup(2);
        Verified<Request> request = backup.request(0, 1, "a");
        backup.on(request).sends(0, request.message()).nothingElse();
        backup.on(request).nothingElse();
        backup.on(TICK)
                .sends(0, request.message())
                .broadcasts(status(2, 0, 0))
                .startsTimer()
                .nothingElse();
    }
}
