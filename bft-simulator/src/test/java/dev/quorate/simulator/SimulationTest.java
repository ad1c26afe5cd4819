package dev.quorate.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.byzantine.ByzantineKind;
import dev.quorate.simulator.fault.Fault;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What runs are like; that they keep every invariant is in {@link SimulationPropertiesTest}. */
final class SimulationTest {
    @Test
    void anotherSeedGivesAnotherRun() {
        assertThat(Simulation.ofRegisters().run(1).digest())
                .isNotEqualTo(Simulation.ofRegisters().run(2).digest());
    }

    @Test
    void realSignaturesDoAsWell() {
        SimulationResult result = Simulation.ofRegisters()
                .signatures("ed25519-bc")
                .reduced(Reduction.NONE.withOperations(5))
                .run(3)
                .requireHolds();

        assertThat(result.replay()).contains("--signatures ed25519-bc").contains("--limit-operations 5");
    }

    @Test
    void whatIsLeftOutDoesNotHappen() {
        long seed = 5;
        SimulationResult whole = Simulation.ofRegisters().run(seed);
        assertThat(whole.plan().faults()).isNotEmpty();

        Reduction none = Reduction.NONE.withFaults(Set.of()).withClients(1);
        SimulationResult reduced = Simulation.ofRegisters().reduced(none).run(seed);

        assertThat(reduced.plan().faults()).isEmpty();
        assertThat(reduced.plan().limits()).isEqualTo(whole.plan().limits());
        assertThat(reduced.plan().activeClients()).isEqualTo(1);
        assertThat(reduced.replay()).contains("--limit-faults none").contains("--limit-clients 1");
    }

    @Test
    void runsMeetFaultsOfEveryKind() {
        Coverage all = new Coverage();
        for (long seed = 200; seed < 260; seed++) {
            all.add(Simulation.ofRegisters().run(seed).requireHolds().coverage());
            // Some ways to be faulty need a trusted counter.
            all.add(Simulation.ofRegisters()
                    .protocol(Protocol.MINBFT)
                    .run(seed)
                    .requireHolds()
                    .coverage());
        }
        for (Fault.Kind kind : Fault.Kind.values()) {
            assertThat(all.of("fault: " + kind.words())).as(kind.words()).isPositive();
        }
        for (ByzantineKind kind : ByzantineKind.values()) {
            assertThat(all.of("byzantine replica: " + kind)).as("%s", kind).isPositive();
        }
        assertThat(all.of("byzantine replica: TWINS")).isPositive();
        assertThat(all.of("notice: CheckpointStable")).isPositive();
        assertThat(all.of("notice: Equivocation")).isPositive();
        assertThat(all.of("notice: ViewEntered")).isPositive();
        assertThat(all.of("store: INTACT")).isPositive();
        assertThat(all.of("store: LOST")).isPositive();
        assertThat(all.of("replica crashes at its disk")).isPositive();
        assertThat(all.of("USIG: was ahead of the store")).isPositive();
        assertThat(all.of("USIG: a volatile counter is lost")).isPositive();
    }
}
