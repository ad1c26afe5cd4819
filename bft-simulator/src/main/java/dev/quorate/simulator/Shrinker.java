package dev.quorate.simulator;

import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.fault.RunPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Makes a failing run smaller, as long as it breaks the same invariant: fewer faults, lies, clients and operations. */
public final class Shrinker {
    private static final int MAX_RUNS = 300;

    private final Supplier<Simulation> simulations;
    private final long seed;
    private final String invariant;
    private SimulationResult best;
    private Reduction reduction;
    private int runs;

    private Shrinker(Supplier<Simulation> simulations, SimulationResult failure) {
        this.simulations = simulations;
        this.seed = failure.seed().value();
        this.invariant = failure.violation().map(Violation::invariant).orElseThrow();
        this.best = failure;
        this.reduction = failure.reduction();
    }

    /**
     * The smallest failing run that it finds.
     *
     * @param simulations makes the simulation that failed, not reduced
     * @param failure what to make smaller; it has a violation
     */
    public static SimulationResult shrink(Supplier<Simulation> simulations, SimulationResult failure) {
        Shrinker shrinker = new Shrinker(simulations, failure);
        while (shrinker.round() && shrinker.runs < MAX_RUNS) {
            // Each round may make possible what the last one could not do.
        }
        return shrinker.best;
    }

    /** Tries one thing after the other until something helps; false if nothing does. */
    private boolean round() {
        for (Reduction candidate : candidates(best.plan())) {
            if (runs++ >= MAX_RUNS) {
                return false;
            }
            SimulationResult result = simulations.get().reduced(candidate).run(seed);
            if (result.violation().filter(v -> v.invariant().equals(invariant)).isPresent()) {
                best = result;
                reduction = candidate;
                return true;
            }
        }
        return false;
    }

    /** Smaller runs, those that leave out most first. */
    private List<Reduction> candidates(RunPlan plan) {
        List<Reduction> candidates = new ArrayList<>();
        Set<Integer> faults = Reduction.faultsOf(plan);
        Set<String> behaviours = Reduction.behavioursOf(plan);
        if (faults.size() > 1) {
            candidates.add(reduction.withFaults(Set.of()));
        }
        if (plan.activeByzantineClients() > 0) {
            candidates.add(reduction.withByzantineClients(0));
        }
        for (int fault : faults) {
            Set<Integer> rest = new TreeSet<>(faults);
            rest.remove(fault);
            candidates.add(reduction.withFaults(rest));
        }
        for (String behaviour : behaviours) {
            Set<String> rest = new TreeSet<>(behaviours);
            rest.remove(behaviour);
            candidates.add(reduction.withBehaviours(rest));
        }
        if (plan.activeClients() > 1) {
            candidates.add(reduction.withClients(plan.activeClients() - 1));
        }
        int operations = plan.clients().subList(0, plan.activeClients()).stream()
                .mapToInt(client -> client.operations())
                .max()
                .orElse(0);
        if (operations > 0) {
            candidates.add(reduction.withOperations(operations / 2));
            candidates.add(reduction.withOperations(operations - 1));
        }
        return candidates;
    }
}
