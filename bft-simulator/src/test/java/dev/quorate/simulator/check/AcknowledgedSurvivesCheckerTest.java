package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.bytes;
import static dev.quorate.simulator.check.Observations.checkpoint;
import static dev.quorate.simulator.check.Observations.completed;
import static dev.quorate.simulator.check.Observations.executed;
import static dev.quorate.simulator.check.Observations.gaveUp;
import static dev.quorate.simulator.check.Observations.invoked;
import static dev.quorate.simulator.check.Observations.request;
import static dev.quorate.simulator.check.Observations.restarted;
import static dev.quorate.simulator.check.Observations.run;
import static dev.quorate.simulator.check.Observations.status;
import static dev.quorate.simulator.check.Observations.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AcknowledgedSurvivesCheckerTest {
    private static final RequestId A = request(1, 1);
    private static final RequestId B = request(2, 1);

    private final Checker checker = new AcknowledgedSurvivesChecker(4);

    private void acknowledgeAt1() {
        assertThat(checker.observe(invoked(A))).isEmpty();
        assertThat(checker.observe(submitted(A))).isEmpty();
        assertThat(checker.observe(executed(0, 1, A))).isEmpty();
        assertThat(checker.observe(completed(A))).isEmpty();
    }

    @Test
    void acknowledgedAndExecutedEverywhere() {
        acknowledgeAt1();
        assertThat(run(checker, executed(1, 1, A), restarted(0), executed(0, 1, A)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OK", "SERVICE_FAILED", "RESULT_TOO_LARGE"})
    void acknowledgedBeforeAnyExecution(Result.Outcome outcome) {
        Result result = outcome == Result.Outcome.OK ? Result.ok(bytes("x")) : Result.error(outcome);
        assertThat(run(checker, invoked(A), submitted(A), completed(A, result)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("no correct replica has executed it"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SESSION_EVICTED", "NUMBER_TOO_OLD"})
    void unknownOutcomesAreNoAcknowledgement(Result.Outcome outcome) {
        assertThat(run(checker, invoked(A), submitted(A), completed(A, Result.error(outcome))))
                .isEmpty();
    }

    @Test
    void laterReplicaExecutesSomethingElseThere() {
        acknowledgeAt1();
        assertThat(run(checker, executed(1, 1, B)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("replica 1", A.toString(), "forgotten"));
    }

    @Test
    void laterReplicaPassesItOver() {
        acknowledgeAt1();
        assertThat(run(checker, executed(1, 2, B))).isPresent();
    }

    @Test
    void laterReplicaInstallsACheckpointBeyondIt() {
        acknowledgeAt1();
        assertThat(run(checker, executed(1, 5, B))).isEmpty();
    }

    @Test
    void nobodyGetsThatFarAgain() {
        acknowledgeAt1();
        assertThat(run(checker, restarted(0), status(0, 0, 0, 0, 0, 0)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("lost", A.toString(), "s=1"));
    }

    @Test
    void oneThatDidNotRestartIsEnough() {
        acknowledgeAt1();
        assertThat(run(checker, executed(1, 1, A), restarted(0))).isEmpty();
    }

    @Test
    void restoredCheckpointCounts() {
        acknowledgeAt1();
        assertThat(run(checker, restarted(0), checkpoint(0, 4, "a"))).isEmpty();
    }

    @Test
    void statusCounts() {
        acknowledgeAt1();
        assertThat(run(checker, restarted(0), status(0, 4, 4, 4, 0, 0))).isEmpty();
    }

    @Test
    void givenUpMayBeLost() {
        assertThat(run(checker, invoked(A), submitted(A), executed(0, 1, A), gaveUp(A), restarted(0)))
                .isEmpty();
    }

    @Test
    void unorderedReadNeedsNoExecution() {
        ClientId client = new ClientId(1);
        assertThat(run(
                        checker,
                        new Observation.Invoked(0, client, 1, 7, bytes("get")),
                        new Observation.Completed(0, client, 1, 7, Result.ok(bytes("r")), Optional.empty())))
                .isEmpty();
    }
}
