package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.bytes;
import static dev.quorate.simulator.check.Observations.executed;
import static dev.quorate.simulator.check.Observations.executedOther;
import static dev.quorate.simulator.check.Observations.request;
import static dev.quorate.simulator.check.Observations.run;
import static dev.quorate.simulator.check.Observations.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.RequestId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValidityCheckerTest {
    private static final RequestId CORRECT = request(1, 1);
    private static final RequestId FAULTY = request(9, 1);

    private final Checker checker = new ValidityChecker(Set.of(new ClientId(1)));

    @Test
    void whatWasSignedMayExecute() {
        assertThat(run(checker, submitted(CORRECT), executed(0, 1, CORRECT), executed(1, 1, CORRECT)))
                .isEmpty();
    }

    @Test
    void whatNobodySignedMayNot() {
        assertThat(run(checker, executed(0, 1, CORRECT)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("made it up", CORRECT.toString()));
    }

    @Test
    void whatIsSignedOnlyLaterMayNot() {
        assertThat(run(checker, executed(0, 1, CORRECT), submitted(CORRECT))).isPresent();
    }

    @Test
    void whatWasAlteredMayNot() {
        assertThat(run(checker, submitted(CORRECT), executedOther(0, 1, "altered", CORRECT)))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("altered"));
    }

    @Test
    void faultyClientsMayHaveSignedAnything() {
        assertThat(run(checker, submitted(CORRECT), executed(0, 1, FAULTY), executed(0, 2, FAULTY, CORRECT)))
                .isEmpty();
    }

    @Test
    void madeUpRequestBesideAFaultyClientsIsFound() {
        assertThat(run(checker, executed(0, 1, FAULTY, CORRECT))).isPresent();
    }

    @Test
    void correctClientSignsOneOperationForEachNumber() {
        assertThat(run(checker, submitted(CORRECT), new Observation.Submitted(5, CORRECT, bytes("other"))))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains("two operations under one number"));
    }

    @Test
    void signingTheSameAgainIsFine() {
        assertThat(run(checker, submitted(CORRECT), submitted(CORRECT))).isEmpty();
    }
}
