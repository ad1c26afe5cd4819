package dev.quorate.simulator.scenario;

import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the network does to a cluster: rows N of docs/scenarios.md. */
final class NetworkScenariosTest {
    @Test
    @DisplayName("N1 half of all frames are lost, others repeated and reordered, while the primary restarts")
    void n1HalfOfAllFramesAreLost() {
        NetworkScripts.n1HalfOfAllFramesAreLost(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N2 the primary is cut off, and then the next one")
    void n2PrimariesAreCutOff() {
        NetworkScripts.n2PrimariesAreCutOff(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N3 a backup is cut off; the view stays, and it catches up")
    void n3ABackupIsCutOff() {
        NetworkScripts.n3ABackupIsCutOff(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N4 the primary can send, and hears nothing")
    void n4ThePrimaryIsDeaf() {
        NetworkScripts.n4ThePrimaryIsDeaf(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N4 the primary hears everything, and cannot send")
    void n4ThePrimaryIsMute() {
        NetworkScripts.n4ThePrimaryIsMute(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N5 no side has a quorum: nothing is ordered until they meet again")
    void n5NobodyHasAQuorum() {
        NetworkScripts.n5NobodyHasAQuorum(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N6 backups reach only the primary until its window is used up")
    void n6BackupsReachOnlyThePrimary() {
        NetworkScripts.n6BackupsReachOnlyThePrimary(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N7 the primary does not hear the client: backups pass requests on")
    void n7ThePrimaryDoesNotHearTheClient() {
        NetworkScripts.n7ThePrimaryDoesNotHearTheClient(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N7 the client does not hear the primary: the others answer")
    void n7TheClientDoesNotHearThePrimary() {
        NetworkScripts.n7TheClientDoesNotHearThePrimary(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N9 messages of an old view come after the new view")
    void n9MessagesOfAnOldView() {
        NetworkScripts.n9MessagesOfAnOldView(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N10 no message of one phase arrives in a view")
    void n10APhaseIsLostForAll() {
        NetworkScripts.n10APhaseIsLostForAll(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N10 one replica gets no message of one phase")
    void n10APhaseIsLostForOne() {
        NetworkScripts.n10APhaseIsLostForOne(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N10 no CHECKPOINT arrives until the window is used up")
    void n10CheckpointsAreLost() {
        NetworkScripts.n10CheckpointsAreLost(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("N12 a replica is alone for long, and comes back into the same view")
    void n12AloneForLong() {
        NetworkScripts.n12AloneForLong(CoreFactory.PRODUCTION);
    }
}
