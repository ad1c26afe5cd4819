package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.checkpoint;
import static dev.quorate.simulator.check.Observations.restarted;
import static dev.quorate.simulator.check.Observations.run;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckpointRootsCheckerTest {
    private final Checker checker = new CheckpointRootsChecker();

    @Test
    void equalRootsAgree() {
        assertThat(run(
                        checker,
                        checkpoint(0, 4, "a"),
                        checkpoint(1, 4, "a"),
                        checkpoint(0, 8, "b"),
                        restarted(0),
                        checkpoint(0, 8, "b")))
                .isEmpty();
    }

    @Test
    void differentRootsAtOnePositionDoNot() {
        assertThat(run(checker, checkpoint(0, 4, "a"), checkpoint(0, 8, "b"), checkpoint(1, 8, "c")))
                .hasValueSatisfying(v -> assertThat(v.explanation())
                        .contains("At s=8", "replica 0", "replica 1", "before it is at s=4"));
    }

    @Test
    void restartedReplicaHasToReachTheSameRoot() {
        assertThat(run(checker, checkpoint(0, 4, "a"), restarted(0), checkpoint(0, 4, "b")))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("first checkpoint of the run"));
    }
}
