package dev.quorate.simulator.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.quorate.core.Protocol;
import dev.quorate.core.minbft.MinParts;
import dev.quorate.simulator.Simulation;
import dev.quorate.simulator.SimulationResult;
import dev.quorate.simulator.node.CoreFactory;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checkers are worth something only if they notice mistakes: each variant has one, and must not get away with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BrokenProtocolsTest {
    private static final int MAX_SEEDS = 400;

    static Stream<Arguments> variants() {
        return Stream.concat(ofPbft(), ofMinBft());
    }

    private static Stream<Arguments> ofPbft() {
        return Stream.of(
                cores("certificate quorum one too small", BrokenCores.replicas(BrokenParts.SmallQuorum::new)),
                cores("votes counted twice", BrokenCores.replicas(BrokenParts.RepeatedVotes::new)),
                cores(
                        "votes for different batches counted together",
                        BrokenCores.replicas(BrokenParts.MixedVotes::new)),
                cores("executes what is proposed", BrokenCores.replicas(() -> new BrokenParts.ExecutesEarly(0))),
                cores("executes with one PREPARE", BrokenCores.replicas(() -> new BrokenParts.ExecutesEarly(1))),
                cores("session table not checked", BrokenCores.replicas(BrokenParts.ForgetfulSessions::new)),
                cores("checkpoint roots not compared", BrokenCores.replicas(BrokenParts.AnyRoot::new)),
                cores("a new view begins empty", BrokenCores.replicas(BrokenParts.EmptyNewView::new)),
                cores(
                        "a new view begins with what one replica says",
                        BrokenCores.replicas(BrokenParts.OneSidedNewView::new)),
                cores("one reply is enough for a client", BrokenCores.credulousClients()),
                cores("no retransmission", BrokenCores.withoutRetransmission()),
                cores("throws at a huge number", BrokenCores.fragile()),
                variant("signatures not verified", s -> s.signatures(UnverifiedSignatures.NAME)));
    }

    /** Those that are rare in the swarm are in the steps of MinBFT's histories, and in scripts. */
    private static Stream<Arguments> ofMinBft() {
        return Stream.of(
                minbft("certificate quorum one too small", BrokenMinParts.SmallQuorum::new),
                minbft("session table not checked", BrokenMinParts.ForgetfulSessions::new),
                minbft("checkpoint roots not compared", BrokenMinParts.AnyRoot::new),
                minbft("gaps accepted", BrokenMinParts.AcceptsGaps::new),
                minbft("a new view begins empty", BrokenMinParts.EmptyNewView::new),
                minbft("of one view's candidates the last one counts", BrokenMinParts.LastCounterWins::new),
                minbft("candidates where the state is stable", BrokenMinParts.StableCandidates::new),
                minbft("a CHECKPOINT names the end of each stream", BrokenMinParts.NothingConcerns::new),
                minbft("a stream begins at its sender's word", BrokenMinParts.OwnWord::new),
                minbft("a stream begins at anybody's word", BrokenMinParts.AnybodysWord::new),
                minbft("forgets at the latest checkpoint", BrokenMinParts.ForgetsAtLatest::new),
                variant(
                        "MinBFT: no retransmission",
                        s -> s.protocol(Protocol.MINBFT).cores(BrokenCores.withoutRetransmission())));
    }

    private static Arguments minbft(String name, Supplier<MinParts> parts) {
        return variant("MinBFT: " + name, s -> s.protocol(Protocol.MINBFT).cores(BrokenCores.minbft(parts)));
    }

    private static Arguments cores(String name, CoreFactory cores) {
        return variant(name, simulation -> simulation.cores(cores));
    }

    private static Arguments variant(String name, UnaryOperator<Simulation> change) {
        return arguments(name, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void isCaught(String name, UnaryOperator<Simulation> change) {
        Simulation broken = change.apply(Simulation.ofRegisters());
        Optional<SimulationResult> caught = Optional.empty();
        for (long seed = 0; seed < MAX_SEEDS && caught.isEmpty(); seed++) {
            caught = Optional.of(broken.run(seed)).filter(result -> !result.holds());
        }

        assertThat(caught).as("a violation within " + MAX_SEEDS + " seeds").isPresent();
        System.out.printf(
                "%s: %s at seed %s%n",
                name,
                caught.get().violation().orElseThrow().invariant(),
                caught.get().seed());
    }
}
