package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What faulty primaries and backups do: rows P and B of docs/scenarios.md. */
final class PrimaryScenariosTest {
    @Test
    @DisplayName("P1 each side of a partition is proposed another batch")
    void p1AcrossAPartition() {
        PrimaryScripts.p1AcrossAPartition(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("P2 the primary proposes what no client asked for")
    void p2ForgedRequests() {
        PrimaryScripts.p2ForgedRequests();
    }

    @Test
    @DisplayName("P5 the primary ignores one client, while another one makes progress")
    void p5OneClientIsIgnored() {
        PrimaryScripts.p5OneClientIsIgnored(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("P6 the primary proposes just before its backups lose patience")
    void p6ThePrimaryDawdles() {
        PrimaryScripts.p6ThePrimaryDawdles(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("P7, B6 the primary leaves out a backup and answers no client")
    void p7ABackupIsLeftOut() {
        PrimaryScripts.p7ABackupIsLeftOut(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("P8 the primary leaves gaps and uses up the window")
    void p8Gaps() {
        PrimaryScripts.p8Gaps(CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("P9 the primary proposes many batches for each position")
    void p9ManyBatchesForOnePosition() {
        PrimaryScripts.p9ManyBatchesForOnePosition(CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P9 the primary proposes a batch of too many requests")
    void p9AnOversizeBatch(Protocol protocol) {
        PrimaryScripts.p9AnOversizeBatch(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("P9 the primary proposes hundreds of batches for one position")
    void p9HundredsOfBatches(Protocol protocol) {
        PrimaryScripts.p9HundredsOfBatches(protocol, CoreFactory.PRODUCTION);
    }

    @Test
    @DisplayName("B4 f replicas say nothing")
    void b4SilentReplicas() {
        PrimaryScripts.b4SilentReplicas(CoreFactory.PRODUCTION);
    }
}
