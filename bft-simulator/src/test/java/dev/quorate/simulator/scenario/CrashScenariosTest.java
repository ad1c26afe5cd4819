package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import dev.quorate.usig.UsigDurability;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas that restart with their disks: rows C of docs/scenarios.md, and histories. */
final class CrashScenariosTest {
    @ParameterizedTest
    @EnumSource
    void c1RollingRestarts(Protocol protocol) {
        CrashScripts.c1RollingRestarts(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void c2AllAtOnce(Protocol protocol) {
        CrashScripts.c2AllAtOnce(protocol, CoreFactory.PRODUCTION);
    }

    static Stream<Arguments> crashes() {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> Stream.of(0, 1)
                        .flatMap(replica ->
                                Stream.of(Ending.values()).map(ending -> Arguments.of(protocol, replica, ending))));
    }

    @ParameterizedTest
    @MethodSource("crashes")
    void c3AtEveryOperation(Protocol protocol, int replica, Ending ending) {
        CrashScripts.c3AtEveryOperation(protocol, replica, ending, CoreFactory.PRODUCTION);
    }

    @Test
    void c4RestartAfterVoting() {
        CrashScripts.c4RestartAfterVoting(CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void c4RestartAfterProposing(Protocol protocol) {
        CrashScripts.c4RestartAfterProposing(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void c5InAViewChange(Protocol protocol) {
        CrashScripts.c5InAViewChange(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void c9StaggeredStart(Protocol protocol) {
        CrashScripts.c9StaggeredStart(protocol, CoreFactory.PRODUCTION);
    }

    @Test
    void a7TheWholePromise() {
        CrashScripts.a7TheWholePromise(CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOG", "DURABLE"})
    void b4UsigAheadOfTheStore(UsigDurability durability) {
        CrashScripts.b4UsigAheadOfTheStore(durability, CoreFactory.PRODUCTION);
    }
}
