package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients do: rows L of docs/scenarios.md. L7 is in {@link ServiceScenariosTest}. */
final class ClientScenariosTest {
    @ParameterizedTest
    @EnumSource
    @DisplayName("L1 a request that was executed is sent again")
    void l1ARequestIsRepeated(Protocol protocol) {
        ClientScripts.l1ARequestIsRepeated(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L1 a request is older than what is kept, or its session is gone")
    void l1ARequestIsTooOld(Protocol protocol) {
        ClientScripts.l1ARequestIsTooOld(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L1 a correct client's session is evicted")
    void l1ASessionIsEvicted(Protocol protocol) {
        ClientScripts.l1ASessionIsEvicted(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L2 one number, another operation for each replica")
    void l2AnotherOperationForEachReplica(Protocol protocol) {
        ClientScripts.l2AnotherOperationForEachReplica(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest(name = "{0}, prepared: {1}")
    @CsvSource({"PBFT, true", "PBFT, false", "MINBFT, true", "MINBFT, false"})
    @DisplayName("L2 one number, another operation for each replica, and the primary dies")
    void l2AcrossAViewChange(Protocol protocol, boolean prepared) {
        ClientScripts.l2AcrossAViewChange(protocol, prepared, CoreFactory.PRODUCTION);
    }
}
