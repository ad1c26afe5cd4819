package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.smr.Window;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What checkpoints say of the streams; n = 3, f+1 = 2. */
final class MinCheckpointsTest {
    private static final Limits LIMITS =
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 16);

    private static final StateImage STATE = StateImage.of(Bytes.EMPTY, Bytes.EMPTY);

    private final TestCluster cluster = TestCluster.of(Protocol.MINBFT, 3, 1, LIMITS);
    private final StableCertificate first = certificate(4, 5, 7);
    /** One of its signers wants everybody to begin at the beginning, as a faulty one may. */
    private final StableCertificate second = certificate(8, 9, 1);

    @Test
    @DisplayName("what a certificate proved of the streams stays proven when the next one says less")
    void startsDoNotGoBack() {
        MinCheckpoints checkpoints = checkpoints();
        checkpoints.learn(first);
        assertThat(counters(checkpoints)).containsOnly(5L);
        assertThat(checkpoints.learn(second)).isTrue();

        assertThat(counters(checkpoints)).containsOnly(5L);
        assertThat(checkpoints.certificate()).isEqualTo(second);
        assertThat(checkpoints.proofs()).containsExactly(second, first);

        StableCertificate third = certificate(12, 11, 13);
        checkpoints.learn(third);
        assertThat(counters(checkpoints)).containsOnly(11L);
        assertThat(checkpoints.proofs()).containsExactly(third);
    }

    @Test
    @DisplayName("whoever knows the later certificate only can be shown the earlier one")
    void anEarlierCertificateHelps() {
        MinCheckpoints checkpoints = checkpoints();
        checkpoints.learn(second);
        assertThat(counters(checkpoints)).containsOnly(1L);

        assertThat(checkpoints.onStable(cluster.replicaSealer(1).seal(new Stable(new ReplicaId(1), first))))
                .as("the window stays")
                .isFalse();
        assertThat(counters(checkpoints)).containsOnly(5L);
        assertThat(checkpoints.proofs()).containsExactly(second, first);
        assertThat(checkpoints.certificate()).isEqualTo(second);
    }

    @Test
    @DisplayName(
            "B11 of a certificate that keeps too much this replica's own word is outvoted, too, though its state was late")
    void aLateStateCounts() {
        MinCheckpoints checkpoints = checkpoints();
        checkpoints.set(at -> positions(at.value() + 1));
        complete(checkpoints, 4);
        // A window later.
        StableCertificate pinned = certificate(20, 1, 21, 1);
        checkpoints.learn(new StableCertificate(pinned.checkpoints().subList(1, 3)));
        assertThat(counters(checkpoints)).containsOnly(1L);
        checkpoints.add(
                cluster.replicaSealer(1).seal(pinned.checkpoints().get(1).message()));
        assertThat(counters(checkpoints)).containsOnly(1L);

        complete(checkpoints, 20);

        assertThat(counters(checkpoints)).containsOnly(21L);
        assertThat(checkpoints.proofs()).hasSize(2);
    }

    @Test
    @DisplayName("a certificate that keeps no more than two windows is enough, whatever is said later")
    void laterVotesAreNotNeeded() {
        MinCheckpoints checkpoints = checkpoints();
        checkpoints.set(at -> positions(at.value() + 1));
        complete(checkpoints, 4);
        StableCertificate all = certificate(4, 5, 7, 3);
        checkpoints.add(cluster.replicaSealer(2).seal(all.checkpoints().get(2).message()));
        assertThat(counters(checkpoints)).containsOnly(3L);

        checkpoints.add(cluster.replicaSealer(1).seal(all.checkpoints().get(1).message()));

        assertThat(counters(checkpoints)).containsOnly(3L);
        assertThat(checkpoints.proofs()).hasSize(1);
    }

    @Test
    @DisplayName("B11 after a restart a replica knows from its own CHECKPOINTs what is too much to keep")
    void whatItSaidBeforeARestart() {
        MinCheckpoints checkpoints = checkpoints();
        StableCertificate before = certificate(4, 5, 5);
        checkpoints.learn(before);
        checkpoints.add(
                cluster.replicaSealer(0).seal(before.checkpoints().get(0).message()));

        certificate(20, 21, 21, 1)
                .checkpoints()
                .subList(1, 3)
                .forEach(vote -> checkpoints.add(
                        cluster.replicaSealer(vote.message().replica().value()).seal(vote.message())));

        assertThat(checkpoints.certificate()).isEqualTo(before);
    }

    private static void complete(MinCheckpoints checkpoints, long at) {
        checkpoints.begin(new SequenceNumber(at), Bytes.EMPTY);
        checkpoints.complete(new Event.SnapshotTaken(new SequenceNumber(at), STATE));
    }

    private MinCheckpoints checkpoints() {
        return new MinCheckpoints(
                new MinParts(),
                new ReplicaId(0),
                QuorumSystem.of(Protocol.MINBFT, 3),
                cluster.replicaSealer(0),
                new Window(LIMITS),
                new Effects());
    }

    private static List<Long> counters(MinCheckpoints checkpoints) {
        return checkpoints.starts().stream().map(StreamPosition::counter).toList();
    }

    /** What replicas 0, 1, … say of a state, each with one position for all streams. */
    private StableCertificate certificate(long at, long... counters) {
        List<Signed<Checkpoint>> votes = new ArrayList<>();
        for (int i = 0; i < counters.length; i++) {
            Checkpoint checkpoint = new Checkpoint(
                    new ReplicaId(i),
                    new SequenceNumber(at),
                    STATE.root(new SequenceNumber(at)),
                    positions(counters[i]));
            votes.add(cluster.replicaSealer(i).seal(checkpoint).signed());
        }
        return new StableCertificate(votes);
    }

    private static List<StreamPosition> positions(long counter) {
        return Collections.nCopies(3, new StreamPosition(counter, Optional.empty()));
    }
}
