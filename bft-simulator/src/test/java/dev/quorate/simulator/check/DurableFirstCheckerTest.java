package dev.quorate.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.byzantine.Adversary;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.node.Members;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DurableFirstCheckerTest {
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final SequenceNumber AT = new SequenceNumber(1);
    private static final Digest DIGEST = Digest.sha256(new byte[] {1});
    private static final Members MEMBERS =
            Members.create(new Seed(1), Protocol.PBFT, SimulatedSignatures.NAME, 4, 1, Limits.defaults());

    private final DurableFirstChecker checker =
            new DurableFirstChecker(2, Batches.nullBatch().digest());

    private static <M extends ReplicaMessage> Verified<M> seal(M message) {
        int sender = message.replica().value();
        return Adversary.sealer(MEMBERS.config(), sender, MEMBERS.replicas().get(sender), SimulatedUsigs.forged(0))
                .seal(message);
    }

    private boolean accepts(Observation observation) {
        return checker.observe(observation).isEmpty();
    }

    private boolean says(ReplicaMessage message) {
        return accepts(new Observation.Said(1, REPLICA, seal(message)));
    }

    private boolean keeps(ReplicaMessage message) {
        return accepts(new Observation.Kept(1, REPLICA, List.of(seal(message)), true));
    }

    private static PrePrepare proposal(Digest digest) {
        return new PrePrepare(new ReplicaId(0), View.ZERO, AT, digest, Optional.empty());
    }

    private static Prepare prepare(int replica, Digest digest) {
        return new Prepare(new ReplicaId(replica), View.ZERO, AT, digest);
    }

    @Test
    void aPrepareNeedsProposalAndBatch() {
        Digest nothing = Batches.nullBatch().digest();
        assertThat(says(prepare(1, nothing))).isFalse();
        assertThat(keeps(proposal(nothing))).isTrue();
        assertThat(says(prepare(1, nothing))).as("everybody has the null batch").isTrue();

        assertThat(keeps(proposal(DIGEST))).isTrue();
        assertThat(says(prepare(1, DIGEST))).as("without the batch").isFalse();
    }

    @Test
    void aCommitNeedsEnoughPrepares() {
        Digest nothing = Batches.nullBatch().digest();
        Commit commit = new Commit(REPLICA, View.ZERO, AT, nothing);
        assertThat(keeps(proposal(nothing))).isTrue();
        assertThat(keeps(prepare(1, nothing))).isTrue();
        assertThat(keeps(prepare(1, nothing))).isTrue();
        assertThat(says(commit)).as("one, twice").isFalse();
        assertThat(keeps(prepare(2, nothing))).isTrue();
        assertThat(says(commit)).isTrue();
    }

    @Test
    void whatOnlyItCanRepeatHasToBeKept() {
        ViewChange left = new ViewChange(REPLICA, new View(1), StableCertificate.INITIAL, List.of());
        assertThat(says(left)).isFalse();
        assertThat(keeps(left)).isTrue();
        assertThat(says(left)).isTrue();
    }

    @Test
    void aCheckpointNeedsItsState() {
        Checkpoint checkpoint = new Checkpoint(REPLICA, AT, DIGEST);
        assertThat(keeps(checkpoint)).isTrue();
        assertThat(says(checkpoint)).isFalse();
        assertThat(accepts(new Observation.StateKept(1, REPLICA, AT))).isTrue();
        assertThat(says(checkpoint)).isTrue();
    }

    @Test
    void whatIsNotSyncedIsNotKept() {
        assertThat(accepts(new Observation.Kept(1, REPLICA, List.of(), false))).isFalse();
    }
}
