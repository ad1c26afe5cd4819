package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.executed;
import static dev.quorate.simulator.check.Observations.restarted;
import static dev.quorate.simulator.check.Observations.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import org.junit.jupiter.api.Test;

class NoHaltCheckerTest {
    @Test
    void aRestartIsNoHalt() {
        assertThat(run(new NoHaltChecker(), executed(0, 1), restarted(0))).isEmpty();
    }

    @Test
    void aHaltIsReportedWithItsReason() {
        assertThat(run(
                        new NoHaltChecker(),
                        new Observation.ReplicaHalted(1_500_000, new ReplicaId(2), "log has a hole")))
                .hasValueSatisfying(
                        v -> assertThat(v.explanation()).contains("1.500000 ms", "replica 2", "log has a hole"));
    }
}
