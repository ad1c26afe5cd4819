package dev.quorate.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.core.wire.Peer;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.kernel.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What every plan has to be like, so that a run may demand what it demands. */
final class SwarmTest {
    private static RunPlan plan(long seed) {
        return Swarm.plan(new Seed(seed), Protocol.PBFT, SimulatedSignatures.NAME, OptionalInt.empty());
    }

    private static List<Peer> amnesic(RunPlan plan) {
        return plan.faulty().stream()
                .filter(replica -> replica.nature() == FaultyReplica.Nature.AMNESIC)
                .map(replica -> (Peer) new Peer.OfReplica(replica.id()))
                .toList();
    }

    @Property
    void onlyReplicasThatCountAmongTheFaultyForget(@ForAll long seed) {
        RunPlan plan = plan(seed);

        assertThat(plan.faulty()).hasSizeLessThanOrEqualTo(Protocol.PBFT.maxFaulty(plan.replicas()));
        for (Fault fault : plan.faults()) {
            if (fault.kind().loses()) {
                assertThat(amnesic(plan)).containsAll(fault.group());
            }
        }
    }

    @Property
    void faultsAreNumberedAndDamagedDisksComeLast(@ForAll long seed) {
        List<Fault> faults = new ArrayList<>(plan(seed).faults());

        assertThat(faults.stream().map(Fault::index))
                .containsExactlyElementsOf(
                        IntStream.range(0, faults.size()).boxed().toList());
        assertThat(faults.stream().filter(fault -> fault.kind().damagesDisk())).hasSizeLessThanOrEqualTo(3);
        assertThat(faults)
                .isSortedAccordingTo(Comparator.comparing(fault -> fault.kind().damagesDisk()));
    }
}
