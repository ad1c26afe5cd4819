package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Ending;
import dev.quorate.usig.UsigDurability;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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

    @ParameterizedTest
    @EnumSource
    void c3AtEveryOperation(Protocol protocol) {
        CrashScripts.c3AtEveryOperation(protocol, 1, Ending.KILLED, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void d2TornWrites(Protocol protocol) {
        CrashScripts.c3AtEveryOperation(protocol, 0, Ending.TORN, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void d5UnsyncedDataIsLost(Protocol protocol) {
        CrashScripts.c3AtEveryOperation(protocol, 1, Ending.POWER_LOST, CoreFactory.PRODUCTION);
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

    /** A few seeds, because what is left of what was not synced is drawn. */
    static Stream<Arguments> momentsOfAVote() {
        return Stream.of(UsigDurability.LOG, UsigDurability.DURABLE)
                .flatMap(durability -> IntStream.range(0, 2)
                        .boxed()
                        .flatMap(operation ->
                                LongStream.range(0, 5).mapToObj(seed -> Arguments.of(operation, seed, durability))));
    }

    @ParameterizedTest
    @MethodSource("momentsOfAVote")
    void a16AVoteOfItsOwn(int operation, long seed, UsigDurability durability) {
        CrashScripts.a16AVoteOfItsOwn(operation, seed, durability, CoreFactory.PRODUCTION);
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
