package dev.quorate.simulator.cli;

import dev.quorate.simulator.Reduction;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options that leave out some of what a seed says. */
final class ReductionOptions {
    @Option(
            names = "--limit-faults",
            paramLabel = "LIST",
            description = "Keep only the faults of these numbers, as in 0,3, or none.")
    private String faults;

    @Option(
            names = "--limit-behaviours",
            paramLabel = "LIST",
            description = "Keep only these ways to lie, as in 0:EQUIVOCATES,2:TWINS, or none.")
    private String behaviours;

    @Option(names = "--limit-clients", paramLabel = "N", description = "Let at most N correct clients do anything.")
    private Integer clients;

    @Option(
            names = "--limit-byzantine-clients",
            paramLabel = "N",
            description = "Let at most N faulty clients do anything.")
    private Integer byzantineClients;

    @Option(
            names = "--limit-operations",
            paramLabel = "N",
            description = "Let each client ask for at most N operations before the faults heal.")
    private Integer operations;

    Reduction reduction() {
        return new Reduction(
                Optional.ofNullable(faults)
                        .map(list -> items(list).stream().map(Integer::valueOf).collect(Collectors.toSet())),
                Optional.ofNullable(behaviours).map(ReductionOptions::items),
                optional(clients),
                optional(byzantineClients),
                optional(operations));
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static Set<String> items(String list) {
        return list.equals("none") ? Set.of() : new TreeSet<>(Arrays.asList(list.split(",", -1)));
    }
}
