package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.Simulation;
import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MinBftScenariosTest {
    @Test
    @DisplayName("B2 (history) only one replica can still answer a laggard")
    void b2OneIsLeftWhoCanAnswer() {
        MinBftScripts.b2OneIsLeftWhoCanAnswer(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("B3 (history) CHECKPOINTs move the window of a replica whose streams wait")
    void b3CheckpointsOfBlockedStreams() {
        MinBftScripts.b3CheckpointsOfBlockedStreams(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("B8 (history) a replica was away when another one rejoined with a new USIG")
    void b8AwayAcrossAnEpoch() {
        MinBftScripts.b8AwayAcrossAnEpoch(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("U2 a certificate that the USIG did not make")
    void u2ForgedUis() {
        MinBftScripts.u2ForgedUis(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("U3 a volatile counter is gone after a restart, and its replica rejoins with a USIG of a new epoch")
    void u3VolatileCounter() {
        MinBftScripts.u3VolatileCounter(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("C7 more replicas than are tolerated have lost the counters of their USIGs")
    void c7TooManyWithoutCounters() {
        MinBftScripts.c7TooManyWithoutCounters(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("A5 (history) a replica that rejoins votes with its old USIG and with its new one")
    void a5TwoUsigs() {
        RejoinScripts.a5TwoUsigs(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("U11 exactly f+1 replicas are left, one of them slow")
    void u11OneOfTheLastIsSlow() {
        MinBftScripts.u11OneOfTheLastIsSlow(CoreFactory.PRODUCTION);
    }

    /** Of 51380: a replica alone in a higher view forgot the order of the lower one, in which the others went on. */
    @ParameterizedTest(name = "seed {0}, which failed once")
    @ValueSource(longs = 51380)
    void seedsThatFailedOnce(long seed) {
        Simulation.ofRegisters().protocol(Protocol.MINBFT).run(seed).requireHolds();
    }
}
