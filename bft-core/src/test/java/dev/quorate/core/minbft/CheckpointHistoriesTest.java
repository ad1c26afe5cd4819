package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Histories that break MinBFT without one of its rules about checkpoints and what they allow to forget. */
final class CheckpointHistoriesTest extends History {
    @Test
    @DisplayName("A14 who begins to follow a stream behind a VIEW-CHANGE knows of it, and passes it on")
    void a14ViewChangeBeforeTheStart() {
        MinSteps steps = steps(5, 1);
        executeFour(steps);
        Verified<MinViewChange> hidden = steps.viewChange(4, 3);
        long start = steps.viewChange(4, 1).ui().counter() + 1;
        List<Signed<Checkpoint>> signers = new ArrayList<>();
        for (int signer : new int[] {0, 2, 3}) {
            signers.add(steps.checkpoint(
                            signer, 4, position(1), position(1), position(1), position(1), position(start, hidden))
                    .signed());
        }
        steps.on(steps.seal(new Stable(new ReplicaId(0), new StableCertificate(signers))));
        assertThat(steps.stable().value()).isEqualTo(4);

        // A vote of view 0 behind it, and then one more that counts.
        Verified<MinPrepare> prepare = steps.prepare(5, A);
        steps.on(prepare).on(steps.commit(4, prepare));
        assertThat(steps.committed(5)).isEmpty();
        steps.on(steps.commit(2, prepare));
        assertThat(steps.committed(5)).containsExactly(A.digest());
    }

    private static void executeFour(MinSteps steps) {
        for (long at = 1; at <= 4; at++) {
            Verified<MinPrepare> prepare = steps.prepare(at, A);
            steps.on(List.of(prepare, steps.commit(3, prepare)));
            if (steps.committed(at).isEmpty()) {
                steps.on(steps.commit(2, prepare));
            }
        }
        assertThat(steps.committed(4)).hasSize(1);
    }

    @Test
    @DisplayName("U12 a COMMIT before the position that one CHECKPOINT names is handled, and survives")
    void u12CommitHiddenByACheckpoint() {
        MinSteps steps = steps(3, 2);
        List<Verified<MinPrepare>> prepares = new ArrayList<>();
        for (long at = 1; at <= 4; at++) {
            prepares.add(steps.prepare(at, A));
        }
        steps.on(prepares);
        Verified<MinPrepare> prepare = steps.prepare(5, B);
        Verified<MinCommit> hidden = steps.commit(1, prepare);
        // Replica 1 says that only what comes after its vote matters; its own stream is not its to judge.
        steps.on(steps.checkpoint(
                1, 4, position(prepare.ui().counter()), position(hidden.ui().counter() + 1), position(1)));
        assertThat(steps.stable().value()).isEqualTo(4);

        steps.demand(1, 0, 1).demand(2, 0, 1);
        Verified<MinViewChange> left = steps.viewChange(1, 2);
        steps.on(left);
        assertThat(steps.said(MinNewView.class)).isEmpty();
        steps.on(List.of(prepare, hidden));

        assertThat(steps.said(MinPrepare.class)).extracting(MinPrepare::digest).contains(B.digest());
    }

    @Test
    @DisplayName("B11 whoever asks for what was forgotten is shown all certificates that allowed it")
    void b11AllCertificatesAreShown() {
        MinSteps steps = steps(3, 2);
        List<Verified<MinPrepare>> prepares = new ArrayList<>();
        for (long at = 1; at <= 4; at++) {
            prepares.add(steps.prepare(at, A));
        }
        steps.on(prepares);
        steps.on(steps.checkpoint(1, 4, position(1), position(1), position(1)));
        assertThat(steps.stable().value()).isEqualTo(4);
        StableCertificate further = new StableCertificate(List.of(
                steps.checkpoint(0, 4, position(5), position(1), position(1)).signed(),
                steps.checkpoint(1, 4, position(5), position(1), position(1)).signed()));
        steps.on(steps.seal(new Stable(new ReplicaId(1), further)));

        steps.on(steps.seal(new FetchLog(new ReplicaId(1), new ReplicaId(0), 1)));

        assertThat(steps.sent(Stable.class))
                .extracting(stable -> stable.message().certificate())
                .contains(further);
    }

    @Test
    @DisplayName(
            "B11 a CHECKPOINT that would have everybody keep more than about two windows of a stream does not count")
    void b11CheckpointThatKeepsTooMuch() {
        MinSteps steps = steps(3, 2);
        for (long at = 1; at <= 12; at++) {
            steps.on(steps.prepare(at, A));
            if (at == 4 || at == 8) {
                steps.on(steps.checkpoint(1, at, position(at + 1), position(1), position(at + 1)));
                assertThat(steps.stable().value()).isEqualTo(at);
            }
        }

        steps.on(steps.checkpoint(1, 12, position(1), position(1), position(1)));
        assertThat(steps.stable().value()).isEqualTo(8);

        steps.on(steps.checkpoint(1, 12, position(13), position(1), position(13)));
        assertThat(steps.stable().value()).isEqualTo(12);
    }

    @Test
    @DisplayName("A14 a snapshot that is late vouches for nothing that was forgotten since")
    void a14LateSnapshot() {
        MinSteps steps = steps(3, 2).snapshotsLater();
        List<Verified<MinPrepare>> prepares = new ArrayList<>();
        for (long at = 1; at <= 8; at++) {
            prepares.add(steps.prepare(at, A));
        }
        steps.on(prepares);
        assertThat(steps.committed(8)).hasSize(1);
        StableCertificate eight = new StableCertificate(List.of(
                steps.checkpoint(0, 8, position(9), position(1), position(9)).signed(),
                steps.checkpoint(1, 8, position(9), position(1), position(9)).signed()));
        steps.on(steps.seal(new Stable(new ReplicaId(1), eight)));

        steps.snapshotDone();

        assertThat(steps.said(Checkpoint.class))
                .singleElement()
                .satisfies(own -> assertThat(own.sequenceNumber()).isEqualTo(new SequenceNumber(4)))
                .satisfies(own -> assertThat(own.streams().get(0).counter()).isLessThanOrEqualTo(5));
    }

    @Test
    @DisplayName("B5 who begins to follow the streams learns from what was left before in which view the others are")
    void b5ViewsBeforeTheStarts() {
        MinSteps steps = steps(3, 2);
        for (long at = 1; at <= 4; at++) {
            steps.on(steps.prepare(at, A));
        }
        assertThat(steps.committed(4)).hasSize(1);
        Verified<MinViewChange> by0 = steps.viewChange(0, 3);
        Verified<MinViewChange> by1 = steps.viewChange(1, 3);
        StreamPosition[] positions = {
            position(by0.ui().place() + 1, by0), position(by1.ui().place() + 1, by1), position(1)
        };
        List<Signed<Checkpoint>> signers = List.of(
                steps.checkpoint(0, 4, positions).signed(),
                steps.checkpoint(1, 4, positions).signed());
        steps.on(steps.seal(new Stable(new ReplicaId(0), new StableCertificate(signers))));

        assertThat(steps.view()).isEqualTo(new View(3));
    }

    @Test
    @DisplayName("what was executed is kept until a checkpoint above it is stable")
    void keptUntilStable() {
        MinSteps steps = steps(3, 2);
        for (long at = 1; at <= 4; at++) {
            steps.on(steps.prepare(at, A));
        }
        assertThat(steps.said(Checkpoint.class)).hasSize(1);
        assertThat(steps.stable()).isEqualTo(SequenceNumber.ZERO);

        steps.demand(2, 0, 1).on(steps.viewChange(1, 2));

        assertThat(steps.said(MinPrepare.class))
                .hasSize(4)
                .allMatch(again -> again.digest().equals(A.digest()));
    }

    @Test
    @DisplayName("a CHECKPOINT names the first message that concerns what is above it")
    void namesWhatIsAboveIt() {
        MinSteps steps = steps(3, 2).snapshotsLater();
        for (long at = 1; at <= 6; at++) {
            steps.on(steps.prepare(at, A));
        }
        steps.snapshotDone();

        assertThat(steps.said(Checkpoint.class))
                .singleElement()
                .satisfies(own -> assertThat(own.streams())
                        .extracting(StreamPosition::counter)
                        .containsExactly(5L, 1L, 5L));
    }
}
