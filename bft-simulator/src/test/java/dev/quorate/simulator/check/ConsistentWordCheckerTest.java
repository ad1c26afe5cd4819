package dev.quorate.simulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.byzantine.Adversary;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.node.Members;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsistentWordCheckerTest {
    private static final ReplicaId REPLICA = new ReplicaId(1);
    private static final Digest ONE = Digest.sha256(new byte[] {1});
    private static final Digest OTHER = Digest.sha256(new byte[] {2});
    private static final Members MEMBERS =
            Members.create(new Seed(1), Protocol.PBFT, SimulatedSignatures.NAME, 4, 1, Limits.defaults());
    private static final Sealer SEALER = Adversary.sealer(
            MEMBERS.config(), REPLICA.value(), MEMBERS.replicas().get(REPLICA.value()), SimulatedUsigs.forged(0));

    private final ConsistentWordChecker checker = new ConsistentWordChecker();
    private long now;

    private boolean accepts(Observation observation) {
        return checker.observe(observation).isEmpty();
    }

    private boolean says(ReplicaMessage message) {
        return accepts(new Observation.Said(++now, REPLICA, SEALER.seal(message)));
    }

    private boolean restarts(boolean remembers) {
        return accepts(new Observation.Restarted(++now, REPLICA, remembers));
    }

    private static Prepare prepare(long view, long at, Digest digest) {
        return new Prepare(REPLICA, new View(view), new SequenceNumber(at), digest);
    }

    private static ViewChange leaves(long view) {
        return new ViewChange(REPLICA, new View(view), StableCertificate.INITIAL, List.of());
    }

    @Test
    void whatIsSaidAgainIsNoContradiction() {
        assertThat(says(prepare(0, 1, ONE))).isTrue();
        assertThat(restarts(true)).isTrue();
        assertThat(says(prepare(0, 1, ONE))).isTrue();
        assertThat(says(prepare(0, 2, OTHER))).isTrue();
        assertThat(says(prepare(1, 1, OTHER))).isTrue();
    }

    @Test
    void anotherVoteInAnotherLifeIsOne() {
        assertThat(says(prepare(0, 1, ONE))).isTrue();
        assertThat(restarts(true)).isTrue();
        assertThat(says(prepare(0, 1, OTHER))).isFalse();
    }

    @Test
    void aVoteInAViewThatWasLeftIsOne() {
        assertThat(says(prepare(0, 1, ONE))).isTrue();
        assertThat(says(leaves(2))).isTrue();
        assertThat(says(prepare(0, 1, ONE))).as("said before").isTrue();
        assertThat(says(prepare(2, 1, ONE))).isTrue();
        assertThat(says(prepare(1, 2, ONE))).isFalse();
    }

    @Test
    void anotherStateAtOneCheckpointIsOne() {
        assertThat(says(new Checkpoint(REPLICA, new SequenceNumber(8), ONE))).isTrue();
        assertThat(says(new Checkpoint(REPLICA, new SequenceNumber(16), OTHER))).isTrue();
        assertThat(says(new Checkpoint(REPLICA, new SequenceNumber(8), OTHER))).isFalse();
    }

    @Test
    void whoHasForgottenIsHeldToItsWordOnlyOnceItTakesPartAgain() {
        assertThat(says(prepare(0, 1, ONE))).isTrue();
        assertThat(restarts(false)).isTrue();
        assertThat(says(prepare(0, 1, OTHER))).isTrue();
        assertThat(accepts(new Observation.Rejoined(++now, REPLICA))).isTrue();
        assertThat(says(prepare(0, 9, ONE))).isTrue();
        assertThat(says(prepare(0, 9, OTHER))).isFalse();
    }
}
