package dev.quorate.simulator;

import dev.quorate.simulator.fault.Fault;
import dev.quorate.simulator.fault.FaultyReplica;
import dev.quorate.simulator.fault.RunPlan;
import dev.quorate.simulator.node.ClientPlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What to leave out of a run, to see whether it fails without. Everything else stays as the seed says: what is left out
 * is still drawn.
 *
 * @param faults the indexes of the faults to keep; empty to keep all
 * @param behaviours what to keep of the faulty replicas' behaviours, as {@code replica:KIND}; empty to keep all
 * @param clients how many correct clients do anything, at most
 * @param byzantineClients how many faulty clients do anything, at most
 * @param operations of each client, at most
 */
public record Reduction(
        Optional<Set<Integer>> faults,
        Optional<Set<String>> behaviours,
        OptionalInt clients,
        OptionalInt byzantineClients,
        OptionalInt operations) {
    /** Leaves nothing out. */
    public static final Reduction NONE = new Reduction(
            Optional.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    public Reduction {
        faults = faults.map(TreeSet::new);
        behaviours = behaviours.map(TreeSet::new);
    }

    public Reduction withFaults(Set<Integer> kept) {
        return new Reduction(Optional.of(kept), behaviours, clients, byzantineClients, operations);
    }

    public Reduction withBehaviours(Set<String> kept) {
        return new Reduction(faults, Optional.of(kept), clients, byzantineClients, operations);
    }

    public Reduction withClients(int max) {
        return new Reduction(faults, behaviours, OptionalInt.of(max), byzantineClients, operations);
    }

    public Reduction withByzantineClients(int max) {
        return new Reduction(faults, behaviours, clients, OptionalInt.of(max), operations);
    }

    public Reduction withOperations(int max) {
        return new Reduction(faults, behaviours, clients, byzantineClients, OptionalInt.of(max));
    }

    RunPlan apply(RunPlan plan) {
        return new RunPlan(
                plan.protocol(),
                plan.signatureScheme(),
                plan.replicas(),
                plan.limits(),
                plan.timing(),
                plan.conditions(),
                plan.clients().stream().map(this::apply).toList(),
                Math.min(plan.activeClients(), clients.orElse(Integer.MAX_VALUE)),
                plan.byzantineClients(),
                Math.min(plan.activeByzantineClients(), byzantineClients.orElse(Integer.MAX_VALUE)),
                plan.faulty().stream().map(this::apply).toList(),
                plan.faults().stream()
                        .filter(fault ->
                                faults.map(kept -> kept.contains(fault.index())).orElse(true))
                        .toList(),
                plan.clockRates(),
                plan.maxStartNanos(),
                plan.faultPhaseNanos(),
                plan.fastReads());
    }

    private ClientPlan apply(ClientPlan plan) {
        return new ClientPlan(
                Math.min(plan.operations(), operations.orElse(Integer.MAX_VALUE)),
                plan.operationsPerSession(),
                plan.concurrentSessions(),
                plan.pipeline(),
                plan.maxThinkNanos(),
                plan.abandonment());
    }

    /** A faulty replica stays one of the faulty, even if it does nothing wrong any more. */
    private FaultyReplica apply(FaultyReplica replica) {
        if (behaviours.isEmpty() || replica.nature().forgets()) {
            return replica;
        }
        Set<String> kept = behaviours.get();
        if (replica.nature() == FaultyReplica.Nature.TWINS) {
            return kept.contains(replica.id().value() + ":TWINS")
                    ? replica
                    : new FaultyReplica(replica.id(), FaultyReplica.Nature.AMNESIC, List.of());
        }
        return new FaultyReplica(
                replica.id(),
                FaultyReplica.Nature.BYZANTINE,
                replica.kinds().stream()
                        .filter(kind -> kept.contains(replica.id().value() + ":" + kind))
                        .toList());
    }

    /** The behaviours of a plan, named as {@link #behaviours} names them. */
    static Set<String> behavioursOf(RunPlan plan) {
        Set<String> names = new TreeSet<>();
        for (FaultyReplica replica : plan.faulty()) {
            if (replica.nature() == FaultyReplica.Nature.TWINS) {
                names.add(replica.id().value() + ":TWINS");
            }
            replica.kinds().forEach(kind -> names.add(replica.id().value() + ":" + kind));
        }
        return names;
    }

    /** The indexes of the faults of a plan. */
    static Set<Integer> faultsOf(RunPlan plan) {
        return plan.faults().stream().map(Fault::index).collect(Collectors.toCollection(TreeSet::new));
    }

    /** As options of the command line, each with a space before it. */
    String options() {
        StringBuilder options = new StringBuilder();
        faults.ifPresent(kept -> options.append(" --limit-faults ").append(list(kept)));
        behaviours.ifPresent(kept -> options.append(" --limit-behaviours ").append(list(kept)));
        clients.ifPresent(max -> options.append(" --limit-clients ").append(max));
        byzantineClients.ifPresent(
                max -> options.append(" --limit-byzantine-clients ").append(max));
        operations.ifPresent(max -> options.append(" --limit-operations ").append(max));
        return options.toString();
    }

    private static String list(Set<?> kept) {
        return kept.isEmpty() ? "none" : kept.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
