package dev.quorate.simulator.node;

import dev.quorate.core.ReplicatedService;
import dev.quorate.simulator.Coverage;
import dev.quorate.simulator.check.Checker;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.journal.Journal;
import dev.quorate.simulator.journal.SimEvent;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.network.SimNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What all nodes of one run share: time, network, journal, and who watches. Not thread-safe. */
public final class World {
    private final Seed seed;
    private final Members members;
    private final NodeTiming timing;
    private final CoreFactory cores;
    private final SimulatedUsigs usigs;
    private final Supplier<? extends ReplicatedService> services;
    private final Scheduler scheduler = new Scheduler();
    private final Journal journal;
    private final SimNetwork network;
    private final Coverage coverage = new Coverage();
    private final ValidatedFrames validatedFrames = new ValidatedFrames();
    private final List<Checker> checkers = new ArrayList<>();
    private final List<Consumer<Observation>> observers = new ArrayList<>();
    private Violation violation;

    public World(
            Seed seed,
            Members members,
            NodeTiming timing,
            CoreFactory cores,
            Supplier<? extends ReplicatedService> services,
            Journal journal) {
        this.seed = seed;
        this.members = members;
        this.timing = timing;
        this.cores = cores;
        this.usigs = new SimulatedUsigs(members.config().n(), seed.stream("usigs"));
        this.services = services;
        this.journal = journal;
        this.network = new SimNetwork(
                scheduler,
                journal,
                seed,
                members.replicas().size(),
                members.clients().size());
    }

    public Seed seed() {
        return seed;
    }

    /** The replicas' trusted counters. */
    public SimulatedUsigs usigs() {
        return usigs;
    }

    public Members members() {
        return members;
    }

    public NodeTiming timing() {
        return timing;
    }

    CoreFactory cores() {
        return cores;
    }

    ReplicatedService newService() {
        return services.get();
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public Journal journal() {
        return journal;
    }

    public SimNetwork network() {
        return network;
    }

    public Coverage coverage() {
        return coverage;
    }

    ValidatedFrames validatedFrames() {
        return validatedFrames;
    }

    public long now() {
        return scheduler.now();
    }

    /** From now on {@code checker} sees every observation. */
    public void check(Checker checker) {
        checkers.add(checker);
    }

    /** From now on {@code observer} gets every observation. */
    public void observe(Consumer<Observation> observer) {
        observers.add(observer);
    }

    /** Shows the checkers something that a correct replica or client did. */
    public void show(Observation observation) {
        for (Consumer<Observation> observer : observers) {
            observer.accept(observation);
        }
        for (int i = 0; i < checkers.size(); i++) {
            Optional<Violation> found = checkers.get(i).observe(observation);
            if (found.isPresent()) {
                violated(found.get());
            }
        }
    }

    /** Notes something that is neither a message nor a timer, in words. */
    public void note(String kind, Object who, String what) {
        coverage.count(kind);
        journal.add(new SimEvent.Happened(now(), kind, who, what));
    }

    /** An invariant is broken. The first violation counts: what comes after may be its consequence. */
    public void violated(Violation found) {
        if (violation == null) {
            violation = found;
            note("violation", found.invariant(), "is violated: " + found.explanation());
        }
    }

    /** The first violation, if there was one. */
    public Optional<Violation> violation() {
        return Optional.ofNullable(violation);
    }

    /** Asks the checkers what they can only say at the end. */
    public void finish() {
        for (Checker checker : checkers) {
            if (violation == null) {
                checker.finish().ifPresent(this::violated);
            }
        }
    }
}
