package dev.quorate.simulator.scenario;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.scenario.DiskScripts.Place;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Disks that are damaged, full, or fail: rows D of docs/scenarios.md. Torn writes are in {@link CrashScenariosTest}. */
final class DiskScenariosTest {
    private static Stream<Arguments> each(List<?> values) {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> values.stream().map(value -> Arguments.of(protocol, value)));
    }

    static Stream<Arguments> places() {
        return each(List.of(Place.values()));
    }

    static Stream<Arguments> fullOrFailing() {
        return each(List.of(true, false));
    }

    static Stream<Arguments> partsOfASnapshot() {
        return each(List.of("snapshot-", "chunk-"));
    }

    static Stream<Arguments> metadata() {
        return each(List.of("mark", "identity"));
    }

    @ParameterizedTest
    @MethodSource("places")
    void d1DamagedEntry(Protocol protocol, Place place) {
        DiskScripts.d1DamagedEntry(protocol, place, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("places")
    void d1DamagedEverywhere(Protocol protocol, Place place) {
        DiskScripts.d1DamagedEverywhere(protocol, place, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void d1OneAfterTheOther(Protocol protocol) {
        DiskScripts.d1OneAfterTheOther(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void d3MisdirectedWrite(Protocol protocol) {
        DiskScripts.d3MisdirectedWrite(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("fullOrFailing")
    void d4FailingDisk(Protocol protocol, boolean full) {
        DiskScripts.d4FailingDisk(protocol, full, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("partsOfASnapshot")
    void d6DamagedSnapshot(Protocol protocol, String file) {
        DiskScripts.d6DamagedSnapshot(protocol, file, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("metadata")
    void d7DamagedMetadata(Protocol protocol, String file) {
        DiskScripts.d7DamagedMetadata(protocol, file, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void d7DamagedView(Protocol protocol) {
        DiskScripts.d7DamagedView(protocol, CoreFactory.PRODUCTION);
    }

    @ParameterizedTest
    @EnumSource
    void d7OneCopyOfTheMark(Protocol protocol) {
        DiskScripts.d7OneCopyOfTheMark(protocol, CoreFactory.PRODUCTION);
    }
}
