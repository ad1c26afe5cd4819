package dev.quorate.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.core.wire.Peer;
import dev.quorate.simulator.byzantine.ByzantineKind;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.kernel.Seed;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What every plan has to be like, so that a run may demand what it demands. */
final class SwarmTest {
    private static RunPlan plan(long seed) {
        return plan(Protocol.PBFT, seed);
    }

    private static RunPlan plan(Protocol protocol, long seed) {
        return Swarm.plan(new Seed(seed), protocol, SimulatedSignatures.NAME, OptionalInt.empty());
    }

    private static List<Peer> thatMayForget(RunPlan plan) {
        return plan.faulty().stream()
                .filter(replica -> replica.nature().forgets() || replica.kinds().contains(ByzantineKind.USES_OLD_USIG))
                .map(replica -> (Peer) new Peer.OfReplica(replica.id()))
                .toList();
    }

    @Property
    void onlyReplicasThatCountAmongTheFaultyForget(@ForAll Protocol protocol, @ForAll long seed) {
        RunPlan plan = plan(protocol, seed);

        assertThat(plan.faulty()).hasSizeLessThanOrEqualTo(protocol.maxFaulty(plan.replicas()));
        for (Fault fault : plan.faults()) {
            if (fault.kind().loses()) {
                assertThat(thatMayForget(plan)).containsAll(fault.group());
            }
        }
    }

    @Property
    void faultsAreNumbered(@ForAll long seed) {
        assertThat(plan(seed).faults().stream().map(Fault::index))
                .containsExactlyElementsOf(
                        IntStream.range(0, plan(seed).faults().size()).boxed().toList());
    }

    @Property
    void behavioursAreThoseOfTheProtocol(@ForAll Protocol protocol, @ForAll long seed) {
        for (FaultyReplica replica : plan(protocol, seed).faulty()) {
            assertThat(replica.kinds()).doesNotHaveDuplicates().allMatch(kind -> kind.in(protocol) == kind);
        }
    }

    @Property
    void whoseCounterIsVolatileStops(@ForAll long seed) {
        RunPlan plan = plan(Protocol.MINBFT, seed);

        for (FaultyReplica replica : plan.faulty()) {
            if (replica.nature() == FaultyReplica.Nature.VOLATILE) {
                assertThat(plan.faults())
                        .anyMatch(fault -> fault.kind() == Fault.Kind.CRASH
                                && fault.group().equals(List.of(new Peer.OfReplica(replica.id()))));
            }
        }
    }

    @Test
    void inSomeRunsAllReplicasCrashAtOnceAndInSomeOneAfterTheOther() {
        long atOnce = 0;
        long inTurn = 0;
        for (long seed = 0; seed < 100; seed++) {
            RunPlan plan = plan(seed);
            List<Fault> crashes = plan.faults().stream()
                    .filter(fault -> fault.kind() == Fault.Kind.CRASH)
                    .toList();
            atOnce += crashes.stream()
                    .filter(fault -> fault.group().size() == plan.replicas())
                    .count();
            Set<Peer> alone = crashes.stream()
                    .filter(fault -> fault.group().size() == 1)
                    .map(fault -> fault.group().get(0))
                    .collect(Collectors.toSet());
            inTurn += alone.size() == plan.replicas() ? 1 : 0;
        }
        assertThat(atOnce).isPositive();
        assertThat(inTurn).isPositive();
    }
}
