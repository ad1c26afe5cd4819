package dev.quorate.core.pbft;

import static dev.quorate.core.pbft.Steps.batch;
import static dev.quorate.core.pbft.Steps.checkpoint;
import static dev.quorate.core.pbft.Steps.commit;
import static dev.quorate.core.pbft.Steps.prePrepare;
import static dev.quorate.core.pbft.Steps.prepare;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.TimerId;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Castro and Liskov 1999, section 4.3: checkpoints after every K = 2 batches, a window of L = 4. */
class CheckpointTest {
    private static final Limits LIMITS =
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 2).with(Limit.WINDOW, 4);
    private static final Digest OTHER_ROOT = Digest.sha256(new byte[] {1});

    private static final Event TICK = new Event.TimerFired(new TimerId(TimerId.Kind.STATUS, View.ZERO));

    private final Steps backup = Steps.replica(1, LIMITS);

    @Test
    void aCheckpointIsTakenAfterEveryInterval() {
        execute(1);
        assertThat(backup.status().executed().value()).isEqualTo(1);
        order(2).executes(2, "2").nothingElse();
        backup.executed(2, "r").whatever();
        assertThat(ownRoot()).isNotNull();
    }

    @Test
    void nothingIsGivenToTheServiceBeyondACheckpointThatItHasNotReached() {
        execute(1);
        order(2).executes(2, "2").nothingElse();
        order(3).nothingElse();
        Steps step = backup.executed(2, "r");
        assertThat(step.effects())
                .filteredOn(effect -> !(effect instanceof Effect.SendToClient) && !(effect instanceof Effect.Report))
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(Effect.TakeSnapshot.class),
                        second -> assertThat(second).isInstanceOf(Effect.Execute.class));
    }

    @Test
    void aQuorumOfMatchingCheckpointsIsStableAndMovesTheWindow() {
        Digest root = checkpointAt2();
        backup.on(prepare(2, 0, 5, batch())).rejects(RejectionReason.OUT_OF_WINDOW);
        backup.on(checkpoint(2, 2, root)).nothingElse();
        assertThat(backup.status().stable().value()).isZero();
        backup.on(checkpoint(3, 2, root)).discardsBelow(2).nothingElse();
        assertThat(backup.status().stable().value()).isEqualTo(2);
        assertThat(backup.status().logEntries()).isZero();
        backup.on(prepare(2, 0, 5, batch())).nothingElse();
        backup.on(prepare(2, 0, 2, batch())).rejects(RejectionReason.OUT_OF_WINDOW);
    }

    @Test
    @DisplayName("G1 a faulty digest is ignored")
    void g1AFaultyDigestDoesNotCount() {
        Digest root = checkpointAt2();
        backup.on(checkpoint(2, 2, OTHER_ROOT)).nothingElse();
        backup.on(checkpoint(2, 2, root))
                .rejects(RejectionReason.CONFLICTING)
                .reports(Notice.Equivocation.class)
                .nothingElse();
        assertThat(backup.status().stable().value()).isZero();
        backup.on(checkpoint(0, 2, root)).nothingElse();
        backup.on(checkpoint(3, 2, root)).discardsBelow(2).nothingElse();
        assertThat(backup.status().stable().value()).isEqualTo(2);
    }

    @Test
    @DisplayName("G2 a replica whose state differs from the stable one says so and stops voting")
    void g2AReplicaThatDivergedStopsVoting() {
        checkpointAt2();
        for (int other : new int[] {0, 2}) {
            backup.on(checkpoint(other, 2, OTHER_ROOT)).nothingElse();
        }
        backup.on(checkpoint(3, 2, OTHER_ROOT))
                .reports(Notice.Diverged.class)
                .discardsBelow(2)
                .nothingElse();
        backup.on(prePrepare(0, 3, batch(backup.request(0, 3, "3")))).nothingElse();
    }

    @Test
    @DisplayName("G2 a replica that has diverged vouches for nothing more, although it was writing its state already")
    void g2AReplicaThatDivergedVouchesForNothing() {
        checkpointAt2();
        execute(3);
        order(4).whatever();
        backup.executed(4, "r").whatever();
        for (int other : new int[] {0, 2, 3}) {
            backup.on(checkpoint(other, 2, OTHER_ROOT)).whatever();
        }
        backup.snapshotTaken(4, "later state").nothingElse();
    }

    @Test
    @DisplayName("G3 a window that is used up without a stable checkpoint is said, with who vouches for what")
    void g3AWindowThatIsUsedUpIsSaid() {
        checkpointAt2();
        execute(3);
        order(4).whatever();
        backup.executed(4, "r").whatever();
        backup.on(checkpoint(3, 2, OTHER_ROOT)).nothingElse();
        backup.on(checkpoint(0, 2, Digest.sha256(new byte[] {2}))).nothingElse();
        // The service is still writing the last state of the window.
        assertThat(stallsWithin(100)).isEmpty();
        backup.snapshotTaken(4, "later state").whatever();

        assertThat(stallsWithin(15)).isEmpty();
        assertThat(stallsWithin(10))
                .containsExactly(new Notice.CheckpointsStall(
                        new SequenceNumber(2), Set.of(new ReplicaId(1)), Set.of(new ReplicaId(0), new ReplicaId(3))));
        assertThat(stallsWithin(60)).hasSize(3);
        for (int other : new int[] {0, 2, 3}) {
            backup.on(checkpoint(other, 4, OTHER_ROOT));
        }
        backup.whatever();
        assertThat(backup.status().stable().value()).isEqualTo(4);
        assertThat(stallsWithin(100)).isEmpty();
    }

    private List<Notice> stallsWithin(int ticks) {
        List<Notice> stalls = new ArrayList<>();
        for (int i = 0; i < ticks; i++) {
            backup.on(TICK);
            for (Effect effect : backup.effects()) {
                if (effect instanceof Effect.Report report && report.notice() instanceof Notice.CheckpointsStall) {
                    stalls.add(report.notice());
                }
            }
            backup.whatever();
        }
        return stalls;
    }

    @Test
    @DisplayName("G2 a replica that contradicts itself before anything is stable asks for no state, and believes none")
    void g2ADivergedReplicaHasNothingToFetchBeforeAnythingIsStable() {
        backup.recovers(checkpoint(1, 2, OTHER_ROOT)).whatever();
        execute(1);
        order(2).whatever();
        backup.executed(2, "r").whatever();
        backup.snapshotTaken(2, "state").reports(Notice.Diverged.class).nothingElse();
        backup.on(TICK);
        assertThat(backup.effects())
                .noneMatch(effect ->
                        effect instanceof Effect.Send send && send.message().message() instanceof FetchState);
        backup.whatever();
        backup.on(new StatePart(new ReplicaId(3), SequenceNumber.ZERO, 0, Steps.bytes("no manifest")))
                .rejects(RejectionReason.UNEXPECTED)
                .nothingElse();
        for (int other : new int[] {0, 2, 3}) {
            backup.on(checkpoint(other, 4, OTHER_ROOT)).whatever();
        }
        backup.on(TICK);
        assertThat(backup.effects())
                .filteredOn(effect ->
                        effect instanceof Effect.Send send && send.message().message() instanceof FetchState)
                .hasSize(3);
    }

    @Test
    void aSlowReplicaNoticesAtItsOwnCheckpointThatItHasDiverged() {
        execute(1);
        order(2).whatever();
        for (int other : new int[] {0, 2}) {
            backup.on(checkpoint(other, 2, OTHER_ROOT)).nothingElse();
        }
        backup.on(checkpoint(3, 2, OTHER_ROOT)).discardsBelow(2).nothingElse();
        backup.executed(2, "r").whatever();
        backup.snapshotTaken(2, "state");
        assertThat(backup.effects())
                .anySatisfy(effect -> assertThat(effect)
                        .isInstanceOfSatisfying(
                                Effect.Report.class,
                                report -> assertThat(report.notice()).isInstanceOf(Notice.Diverged.class)));
    }

    @Test
    void whatIsCommittedButNotExecutedIsKeptWhenTheOthersMoveOn() {
        execute(1);
        order(2).whatever();
        order(3).nothingElse();
        for (int other : new int[] {0, 2, 3}) {
            backup.on(checkpoint(other, 4, OTHER_ROOT));
        }
        backup.whatever();
        assertThat(backup.status().stable().value()).isEqualTo(4);
        backup.executed(2, "r");
        assertThat(backup.effects()).anySatisfy(effect -> assertThat(effect).isInstanceOf(Effect.Execute.class));
    }

    @Test
    void aReplicaThatTheOthersLeftBehindSaysSo() {
        for (int other : new int[] {0, 2}) {
            backup.on(checkpoint(other, 100, OTHER_ROOT)).nothingElse();
        }
        backup.on(checkpoint(3, 100, OTHER_ROOT))
                .reports(Notice.FellBehind.class)
                .discardsBelow(100)
                .nothingElse();
        assertThat(backup.status().stable().value()).isEqualTo(100);
    }

    @Test
    void ofOneReplicaOnlyTheNewestCheckpointsAreKept() {
        for (long at = 2; at <= 2000; at += 2) {
            backup.on(checkpoint(3, at, OTHER_ROOT)).nothingElse();
        }
        // The first ones are gone: were they there, two more would make a quorum.
        backup.on(checkpoint(0, 2, OTHER_ROOT)).nothingElse();
        backup.on(checkpoint(2, 2, OTHER_ROOT)).nothingElse();
        assertThat(backup.status().stable().value()).isZero();
        backup.on(checkpoint(0, 2000, OTHER_ROOT)).nothingElse();
        backup.on(checkpoint(2, 2000, OTHER_ROOT)).whatever();
        assertThat(backup.status().stable().value()).isEqualTo(2000);
    }

    @Test
    void checkpointsBetweenIntervalsAreRejected() {
        backup.on(checkpoint(3, 3, OTHER_ROOT)).rejects(RejectionReason.OUT_OF_WINDOW);
    }

    @Test
    void aServiceThatReportsWhatItWasNotAskedForStopsTheReplica() {
        backup.executed(1).halts();
        backup.snapshotTaken(2, "state").halts();
    }

    private Digest checkpointAt2() {
        execute(1);
        order(2).whatever();
        backup.executed(2, "r").whatever();
        return ownRoot();
    }

    private Digest ownRoot() {
        backup.snapshotTaken(2, "state");
        return backup.effects().stream()
                .filter(Effect.Broadcast.class::isInstance)
                .map(effect ->
                        ((Checkpoint) ((Effect.Broadcast) effect).message().message()).root())
                .findFirst()
                .orElseThrow();
    }

    private void execute(long at) {
        order(at).whatever();
        backup.executed(at, "r").whatever();
    }

    /** Orders the request {@code at} of client 0 at position {@code at}. */
    private Steps order(long at) {
        Batch batch = batch(backup.request(0, at, String.valueOf(at)));
        backup.on(prePrepare(0, at, batch)).whatever();
        backup.on(prepare(2, 0, at, batch)).whatever();
        backup.on(commit(0, 0, at, batch)).nothingElse();
        return backup.on(commit(2, 0, at, batch));
    }
}
