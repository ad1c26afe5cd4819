package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A replica that talks too much: rows X4 and K1 of docs/scenarios.md. */
final class NoiseScenariosTest {
    @ParameterizedTest
    @EnumSource
    @DisplayName("X4 a flood of messages about far positions and views")
    void x4AFloodOfWhatIsFarAway(Protocol protocol) {
        NoiseScripts.x4AFloodOfWhatIsFarAway(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("K1 messages from before restarts are replayed after them")
    void k1WhatWasSaidIsSaidAgain(Protocol protocol) {
        NoiseScripts.k1WhatWasSaidIsSaidAgain(protocol, CoreFactory.PRODUCTION);
    }
}
