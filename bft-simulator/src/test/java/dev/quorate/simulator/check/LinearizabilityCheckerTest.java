package dev.quorate.simulator.check;

import static dev.quorate.simulator.check.Observations.bytes;
import static dev.quorate.simulator.check.Observations.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.message.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinearizabilityCheckerTest {
    private final HistoryBuilder history = new HistoryBuilder();

    private void assertLinearizable() {
        LinearizabilityChecker<?> checker = new LinearizabilityChecker<>(new KeyValueModel());
        assertThat(run(checker, history.build())).isEmpty();
        assertThat(checker.undecided()).isEmpty();
    }

    private void assertNotLinearizable(String... explanation) {
        assertThat(run(new LinearizabilityChecker<>(new KeyValueModel()), history.build()))
                .hasValueSatisfying(v -> assertThat(v.explanation()).contains(explanation));
    }

    @Test
    void readAfterWriteSeesIt() {
        history.call(1, 1, "put x 5", "").call(2, 1, "get x", "5");
        assertLinearizable();
    }

    @Test
    void staleReadIsFound() {
        history.call(1, 1, "put x 5", "").call(2, 1, "get x", "");
        assertNotLinearizable("client 2", "get x", "''", "put x 5");
    }

    @Test
    void concurrentReadMaySeeEither() {
        history.invoke(1, 1, "put x 5")
                .call(2, 1, "get x", "")
                .call(2, 2, "get x", "5")
                .complete(1, 1, "");
        assertLinearizable();
    }

    @Test
    void newThenOldDuringAWriteIsFound() {
        history.invoke(1, 1, "put x 5")
                .call(2, 1, "get x", "5")
                .call(2, 2, "get x", "")
                .complete(1, 1, "");
        assertNotLinearizable("''");
    }

    @Test
    void valueThatReturnsIsTheSameValue() {
        history.call(1, 1, "put x 5", "")
                .invoke(3, 1, "get x")
                .call(1, 2, "put x 7", "5")
                .call(1, 3, "put x 5", "7")
                .complete(3, 1, "5")
                .call(3, 2, "get x", "7");
        assertNotLinearizable("'7'");
    }

    @Test
    void outcomeUnknownMayHaveTakenEffect() {
        history.invoke(1, 1, "put x 5").giveUp(1, 1).call(2, 1, "get x", "5");
        assertLinearizable();
    }

    @Test
    void outcomeUnknownMayNeverTakeEffect() {
        history.invoke(1, 1, "put x 5").giveUp(1, 1).call(2, 1, "get x", "");
        assertLinearizable();
    }

    @Test
    void outcomeUnknownMayTakeEffectLater() {
        history.invoke(1, 1, "put x 5")
                .giveUp(1, 1)
                .call(2, 1, "get x", "")
                .call(2, 2, "get x", "5")
                .call(1, 2, "put x 6", "5");
        assertLinearizable();
    }

    @Test
    void outcomeUnknownTakesEffectOnce() {
        history.invoke(1, 1, "put x 5").giveUp(1, 1).call(2, 1, "put x 6", "5").call(2, 2, "get x", "5");
        assertNotLinearizable("had no result by then");
    }

    @Test
    void outcomeUnknownDoesNotTakeEffectBeforeItsInvocation() {
        history.call(2, 1, "get x", "5").invoke(1, 1, "put x 5").giveUp(1, 1);
        assertNotLinearizable("'5'");
    }

    @Test
    void pendingAtTheEndIsUnknownToo() {
        history.invoke(1, 1, "put x 5").call(2, 1, "get x", "5").call(2, 2, "get x", "5");
        assertLinearizable();
    }

    @ParameterizedTest
    @EnumSource(names = {"SESSION_EVICTED", "NUMBER_TOO_OLD"})
    void definiteErrorsAboutTheSessionLeaveTheOutcomeOpen(Result.Outcome outcome) {
        history.invoke(1, 1, "put x 5")
                .complete(1, 1, Result.error(outcome))
                .call(2, 1, "get x", "")
                .call(2, 2, "get x", "5");
        assertLinearizable();
    }

    @Test
    void failureOfTheServiceIsAResult() {
        history.invoke(1, 1, "get x").complete(1, 1, Result.error(Result.Outcome.SERVICE_FAILED));
        assertNotLinearizable("get x");
    }

    @Test
    void oneSessionMayHaveSeveralUnderWay() {
        history.invoke(1, 1, "put x 5")
                .invoke(1, 2, "put x 6")
                .invoke(1, 3, "get x")
                .complete(1, 3, "6")
                .complete(1, 1, "")
                .complete(1, 2, "5");
        assertLinearizable();
    }

    @Test
    void keysAreIndependent() {
        history.call(1, 1, "put x 5", "").call(1, 2, "put y 6", "").call(2, 1, "get x", "5");
        assertLinearizable();
    }

    @Test
    void operationOnAllKeysJoinsThem() {
        history.call(1, 1, "put x 5", "")
                .call(1, 2, "put y 6", "")
                .call(2, 1, "dump", "{x=5, y=6}")
                .call(2, 2, "dump", "{y=6}");
        assertNotLinearizable("{y=6}");
    }

    @Test
    void explanationNamesTheFirstResultThatCannotBe() {
        history.call(1, 1, "put x 1", "").call(2, 1, "get x", "9").call(3, 1, "get x", "1");
        for (int i = 2; i < 50; i++) {
            history.call(3, i, "get x", "7");
        }
        assertNotLinearizable("client was told: client 2 asked at 2.000000 ms for get x and had at 3.000000 ms: '9'");
    }

    @Test
    void anyPrefixCanBeCheckedAlone() {
        history.call(1, 1, "put x 5", "")
                .invoke(3, 1, "put x 6")
                .call(2, 1, "get x", "")
                .giveUp(3, 1);
        Linearizability<?> linearizability = new Linearizability<>(new KeyValueModel(), 1_000);
        History all = history.history();
        assertThat(linearizability.verdict(all.prefix(0))).isInstanceOf(LinearizabilityVerdict.Linearizable.class);
        assertThat(linearizability.verdict(all.prefix(4))).isInstanceOf(LinearizabilityVerdict.Linearizable.class);
        assertThat(linearizability.verdict(all.prefix(5))).isInstanceOf(LinearizabilityVerdict.NotLinearizable.class);
        assertThat(linearizability.verdict(all)).isInstanceOf(LinearizabilityVerdict.NotLinearizable.class);
    }

    @Test
    void exceededBudgetIsUndecidedAndSaidSo() {
        history.call(1, 1, "put x 5", "").call(1, 2, "put y 6", "").call(2, 1, "get x", "5");
        LinearizabilityChecker<?> checker = new LinearizabilityChecker<>(new KeyValueModel(), 1);
        assertThat(run(checker, history.build())).isEmpty();
        assertThat(checker.verdict())
                .isInstanceOfSatisfying(
                        LinearizabilityVerdict.Undecided.class,
                        u -> assertThat(u.parts()).isEqualTo(1));
        assertThat(checker.undecided())
                .singleElement()
                .asString()
                .contains("linearizability", "1 independent parts", "budget");
    }

    @Test
    void violationInOnePartOutweighsAnUndecidedOne() {
        history.call(1, 1, "put a 5", "")
                .call(1, 2, "put a 6", "5")
                .call(1, 3, "put a 7", "6")
                .call(1, 4, "get z", "9");
        assertThat(run(new LinearizabilityChecker<>(new KeyValueModel(), 2), history.build()))
                .isPresent();
    }

    @Test
    void invocationEndsOnce() {
        history.call(1, 1, "put x 5", "").complete(1, 1, "");
        assertNotLinearizable("ended an invocation that is not under way");
    }

    @Test
    void invocationThatEndsHasBegun() {
        history.giveUp(1, 1);
        assertNotLinearizable("never began");
    }

    @Test
    void ticketIsUsedOnceAtATime() {
        history.invoke(1, 1, "get x").invoke(1, 1, "get x");
        assertNotLinearizable("one ticket");
    }

    @Test
    void resultsAreComparedByOutcomeToo() {
        history.invoke(1, 1, "nonsense x").complete(1, 1, Result.ok(bytes("")));
        assertNotLinearizable("nonsense");
    }
}
