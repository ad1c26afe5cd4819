package dev.quorate.simulator.broken;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.scenario.Scripts;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A script is a test of a rule only if it fails where the rule is taken out. */
final class BrokenScenariosTest {
    static Stream<Arguments> scripts() {
        return Stream.of(
                script("P1", Scripts::p1EquivocatingPrimary, BrokenCores.replicas(BrokenParts.SmallQuorum::new)),
                script("P4", Scripts::p4RequestProposedAgain, BrokenCores.replicas(BrokenParts.ForgetfulSessions::new)),
                script("B3", Scripts::b3OneReplicaVotesOften, BrokenCores.replicas(BrokenParts.RepeatedVotes::new)),
                script(
                        "A4",
                        Scripts::a4PreparedIsNotCommitted,
                        BrokenCores.replicas(() -> new BrokenParts.ExecutesEarly(2))),
                script("V6", Scripts::v6CommittedAtOneReplica, BrokenCores.replicas(BrokenParts.EmptyNewView::new)));
    }

    private static Arguments script(String name, Consumer<CoreFactory> script, CoreFactory broken) {
        return Arguments.of(name, script, broken);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void failsWithoutItsRule(String name, Consumer<CoreFactory> script, CoreFactory broken) {
        assertThatCode(() -> script.accept(CoreFactory.PRODUCTION)).doesNotThrowAnyException();
        assertThatThrownBy(() -> script.accept(broken)).isInstanceOf(AssertionError.class);
    }
}
