package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.backup;
import static dev.quorate.core.pbft.Steps.batch;
import static dev.quorate.core.pbft.Steps.commit;
import static dev.quorate.core.pbft.Steps.prePrepare;
import static dev.quorate.core.pbft.Steps.prepare;
import static dev.quorate.core.pbft.Steps.primary;
import static dev.quorate.core.pbft.Steps.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Request;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    @DisplayName("F4 what does not help is repeated less and less often, until something changes")
    void whatDoesNotHelpIsRepeatedLessAndLessOften() {
        Steps backup = backup(2);
        Verified<Request> request = backup.request(0, 1, "a");
        backup.on(request).sends(0, request.message()).nothingElse();
        assertThat(broadcasts(backup, 9)).containsExactly("1 STATUS", "3 STATUS", "7 STATUS");

        backup.on(prePrepare(0, 1, batch(request))).whatever();
        assertThat(broadcasts(backup, 4)).contains("1 STATUS", "3 STATUS");
    }

    @Test
    void theSameRequestIsPassedOnLessAndLessOften() {
        Steps backup = backup(2);
        Verified<Request> request = backup.request(0, 1, "a");
        backup.on(request).whatever();
        List<Integer> passedOn = new ArrayList<>();
        for (int tick = 1; tick <= 31; tick++) {
            if (backup.on(TICK).effects().contains(new Effect.Send(new ReplicaId(0), request))) {
                passedOn.add(tick);
            }
        }
        assertThat(passedOn).containsExactly(1, 2, 4, 8, 16, 26);
    }

    @Test
    void aReplicaThatWaitsForItsOwnServiceBlamesNobody() {
        Steps backup = backup(2);
        Verified<Request> first = backup.request(0, 1, "a");
        Verified<Request> second = backup.request(0, 2, "b");
        Batch batch = batch(first);
        backup.on(first).whatever();
        backup.on(prePrepare(0, 1, batch)).whatever();
        for (int from : new int[] {1, 3}) {
            backup.on(prepare(from, 0, 1, batch)).whatever();
            backup.on(commit(from, 0, 1, batch)).whatever();
        }
        // The service has the first batch, and takes its time.
        backup.on(second).whatever();
        assertThat(broadcasts(backup, 40)).containsExactly("10 STATUS", "20 STATUS", "30 STATUS", "40 STATUS");

        backup.executed(1, "").whatever();
        assertThat(broadcasts(backup, 2)).containsExactly("2 STATUS");
    }

    /** What a replica broadcasts at the next ticks. */
    private static List<String> broadcasts(Steps replica, int ticks) {
        List<String> broadcasts = new ArrayList<>();
        for (int tick = 1; tick <= ticks; tick++) {
            for (Effect effect : replica.on(TICK).effects()) {
                if (effect instanceof Effect.Broadcast broadcast) {
                    broadcasts.add(tick + " " + broadcast.message().message().type());
                }
            }
        }
        return broadcasts;
    }
}
