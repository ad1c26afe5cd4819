package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.executed;
import static dev.quorate.simulator.check.Observations.executedOther;
import static dev.quorate.simulator.check.Observations.request;
import static dev.quorate.simulator.check.Observations.restarted;
import static dev.quorate.simulator.check.Observations.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.message.RequestId;
import org.junit.jupiter.api.Test;

class AgreementCheckerTest {
    private static final RequestId A = request(1, 1);
    private static final RequestId B = request(2, 1);

    private final Checker checker = new AgreementChecker(4);

    @Test
    void sameBatchesAtDifferentTimesAgree() {
        assertThat(run(checker, executed(0, 1, A), executed(0, 2, B), executed(1, 1, A), executed(1, 2, B)))
                .isEmpty();
    }

    @Test
    void differentRequestsAtOnePositionDoNot() {
        assertThat(run(checker, executed(0, 1, A), executed(1, 1, B)))
                .hasValueSatisfying(v -> assertThat(v.explanation())
                        .contains("replica 0", "replica 1", "s=1", A.toString(), B.toString(), "NEW-VIEW"));
    }

    @Test
    void anotherOrderWithinABatchIsAnotherBatch() {
        assertThat(run(checker, executed(0, 1, A, B), executed(1, 1, B, A))).isPresent();
    }

    @Test
    void sameNamesWithOtherOperationsAreAnotherBatch() {
        assertThat(run(checker, executed(0, 1, A), executedOther(1, 1, "altered", A)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("other operations"));
    }

    @Test
    void restartedReplicaExecutesTheSameAgain() {
        assertThat(run(checker, executed(0, 1, A), restarted(0), executed(0, 1, A)))
                .isEmpty();
    }

    @Test
    void restartedReplicaMustNotExecuteSomethingElse() {
        assertThat(run(checker, executed(0, 1, A), restarted(0), executed(0, 1, B)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("same replica", "restart"));
    }

    @Test
    void nullBatchesMayBeReportedOrNot() {
        assertThat(run(checker, executed(0, 1), executed(0, 2, A), executed(1, 2, A), executed(2, 1)))
                .isEmpty();
    }

    @Test
    void passingOverABatchIsAViolation() {
        assertThat(run(checker, executed(0, 1, A), executed(0, 2, B), executed(1, 2, B)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("executed nothing"));
    }

    @Test
    void executingWhatAnotherPassedOverIsAViolation() {
        assertThat(run(checker, executed(0, 2, B), executed(1, 1, A))).isPresent();
    }

    @Test
    void installedCheckpointCoversWhatLiesBeforeIt() {
        assertThat(run(checker, executed(0, 1, A), executed(0, 2, B), executed(1, 5, request(1, 2))))
                .isEmpty();
    }

    @Test
    void installedCheckpointDoesNotCoverWhatLiesBehindIt() {
        assertThat(run(checker, executed(0, 5, A), executed(0, 6, B), executed(1, 6, B)))
                .isPresent();
    }
}
