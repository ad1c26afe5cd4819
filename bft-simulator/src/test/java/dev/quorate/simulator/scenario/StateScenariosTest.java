package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints and state transfer: rows G and T of docs/scenarios.md. */
final class StateScenariosTest {
    @Test
    @DisplayName("G1 a faulty replica vouches for states that nobody has")
    void g1WrongCheckpoints() {
        StateScripts.g1WrongCheckpoints(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("G3 more wrong checkpoint digests than are tolerated")
    void g3TooManyWrongCheckpoints() {
        StateScripts.g3TooManyWrongCheckpoints(CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("G3 no checkpoint becomes stable, and that is said")
    void g3NoCheckpoints(Protocol protocol) {
        StateScripts.g3NoCheckpoints(protocol, CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("G4 five thousand requests while a replica is down")
    void g4ManyRequestsWhileAReplicaIsDown() {
        StateScripts.g4ManyRequestsWhileAReplicaIsDown(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T1 a replica lags beyond the log, and then is needed")
    void t1ALaggardIsNeeded() {
        StateScripts.t1ALaggardIsNeeded(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T3 a peer lies about where it is")
    void t3ALyingPeer() {
        StateScripts.t3ALyingPeer(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T4 f sources of state conspire")
    void t4ConspiringSources() {
        StateScripts.t4ConspiringSources(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T5 f sources never answer, and one of them asks all the time")
    void t5ASilentSourceAndAGreedyReplica() {
        StateScripts.t5ASilentSourceAndAGreedyReplica(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T6 the fetcher and a source crash in the middle")
    void t6FetcherAndSourceCrash() {
        StateScripts.t6FetcherAndSourceCrash(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T7 a later checkpoint becomes stable while a state is being installed")
    void t7ALaterCheckpointWhileInstalling() {
        StateScripts.t7ALaterCheckpointWhileInstalling(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("T9 an older state is given for a newer one")
    void t9AnOlderState() {
        StateScripts.t9AnOlderState(CoreFactory.PRODUCTION);
    }
}
