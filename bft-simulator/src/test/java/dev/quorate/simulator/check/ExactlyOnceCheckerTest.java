package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.executed;
import static dev.quorate.simulator.check.Observations.request;
import static dev.quorate.simulator.check.Observations.restarted;
import static dev.quorate.simulator.check.Observations.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.RequestId;
import org.junit.jupiter.api.Test;

class ExactlyOnceCheckerTest {
    private final Checker checker = new ExactlyOnceChecker();

    @Test
    void sessionsInterleaveEachInItsOrder() {
        RequestId otherSession = new RequestId(new ClientId(1), 2, 1);
        assertThat(run(
                        checker,
                        executed(0, 1, request(1, 1), request(2, 1), request(1, 2)),
                        executed(1, 1, request(1, 1), request(2, 1), request(1, 2)),
                        executed(0, 2, otherSession, request(1, 3))))
                .isEmpty();
    }

    @Test
    void requestAtTwoPositionsExecutesTwice() {
        assertThat(run(checker, executed(0, 1, request(1, 1)), executed(0, 2, request(1, 1))))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("s=1", "s=2", "session table"));
    }

    @Test
    void requestAtTwoPositionsOfTwoReplicasExecutesTwice() {
        assertThat(run(checker, executed(0, 1, request(1, 1)), executed(1, 2, request(1, 1))))
                .isPresent();
    }

    @Test
    void requestTwiceInABatchExecutesTwice() {
        assertThat(run(checker, executed(0, 1, request(1, 1), request(1, 1))))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("within s=1"));
    }

    @Test
    void positionExecutedAgainExecutesTwice() {
        assertThat(run(checker, executed(0, 1, request(1, 1)), executed(0, 1, request(1, 1))))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("without a restart"));
    }

    @Test
    void executionDoesNotGoBack() {
        assertThat(run(checker, executed(0, 1), executed(0, 2), executed(0, 1))).isPresent();
    }

    @Test
    void restartedReplicaStartsOver() {
        assertThat(run(
                        checker,
                        executed(0, 1, request(1, 1)),
                        executed(0, 2, request(1, 2)),
                        restarted(0),
                        executed(0, 1, request(1, 1)),
                        executed(0, 2, request(1, 2))))
                .isEmpty();
    }

    @Test
    void restartOfOneReplicaDoesNotExcuseAnother() {
        assertThat(run(
                        checker,
                        executed(0, 1, request(1, 1)),
                        executed(1, 1, request(1, 1)),
                        restarted(0),
                        executed(1, 1, request(1, 1))))
                .isPresent();
    }

    @Test
    void sessionBeginsWithNumberOne() {
        assertThat(run(checker, executed(0, 1, request(1, 2))))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("begin with number 1"));
    }

    @Test
    void sessionLeavesNoNumberOut() {
        assertThat(run(checker, executed(0, 1, request(1, 1)), executed(0, 2, request(1, 3))))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("Number 2 is next"));
    }

    @Test
    void sessionIsKeptAcrossReplicas() {
        assertThat(run(checker, executed(0, 1, request(1, 1)), executed(1, 5, request(1, 2))))
                .isEmpty();
        assertThat(run(checker, executed(2, 6, request(1, 4)))).isPresent();
    }
}
