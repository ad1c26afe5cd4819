package dev.quorate.simulator;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.simulator.byzantine.ByzantineKind;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.fault.FaultInjector;
import dev.quorate.simulator.fault.RunPlan;
import dev.quorate.simulator.network.LinkConditions;
import dev.quorate.simulator.node.SimClient;
import dev.quorate.simulator.node.SimReplica;
import dev.quorate.simulator.node.World;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One run: a phase with faults, in which everything has to be safe; then the faults heal, except those of the faulty
 * replicas and clients, and everything has to finish.
 */
final class Run {
    private static final long SECOND = 1_000_000_000;
    /** The longest that correct clients may have to wait for their results after the faults healed. */
    private static final long LIVENESS_NANOS = 60 * SECOND;
    /** How long a run goes on of which it is known that it need not finish. */
    private static final long EXCUSED_NANOS = 3 * SECOND;
    /** The longest that correct replicas may take after that until all of them are equally far. */
    private static final long CATCH_UP_NANOS = 20 * SECOND;
    /** A run with more steps than this is in a loop, or its faulty parties send without bound. */
    private static final long MAX_STEPS = 5_000_000;

    private static final int OPERATIONS_IN_LAST_ROUND = 5;

    private final World world;
    private final RunPlan plan;
    private final SimCluster cluster;
    private final Set<Capability> capabilities;
    private final FaultInjector injector;

    Run(World world, RunPlan plan, SimCluster cluster, Set<Capability> capabilities) {
        this.world = world;
        this.plan = plan;
        this.cluster = cluster;
        this.capabilities = capabilities;
        this.injector = new FaultInjector(world, cluster.everybody(), cluster::replica);
    }

    /** Runs to the end, or to the first violation. */
    void execute() {
        world.network().setConditions(plan.conditions());
        plan.faults().forEach(injector::schedule);
        cluster.start();
        runUntil(plan.faultPhaseNanos(), () -> false);
        heal();
        long patience = excuse().isPresent() ? EXCUSED_NANOS : patience();
        boolean finished = runUntil(world.now() + patience, this::clientsAreDone);
        if (!finished) {
            complain(this::unfinished);
        } else {
            boolean level = runUntil(world.now() + CATCH_UP_NANOS, this::replicasAreLevel);
            if (!level) {
                complain(this::uneven);
            }
        }
        sampleAll();
        world.finish();
    }

    /** A primary that is as slow as it may be is not replaced: what clients asked for before takes longer then. */
    private long patience() {
        boolean dawdles =
                plan.faulty().stream().anyMatch(replica -> replica.kinds().contains(ByzantineKind.DAWDLES));
        return dawdles ? 3 * LIVENESS_NANOS : LIVENESS_NANOS;
    }

    private void heal() {
        world.note("heal", "the network", "is timely from now on");
        injector.heal();
        world.network().setConditions(LinkConditions.timely());
        for (SimClient client : cluster.activeClients()) {
            client.startLastRound(OPERATIONS_IN_LAST_ROUND);
        }
    }

    /** Whether {@code condition} came true before {@code deadlineNanos}; a violation ends it, too. */
    private boolean runUntil(long deadlineNanos, BooleanSupplier condition) {
        while (world.violation().isEmpty()) {
            if (condition.getAsBoolean()) {
                return true;
            }
            if (!world.scheduler().step(deadlineNanos)) {
                return false;
            }
            if (world.scheduler().executed() > MAX_STEPS) {
                world.violated(new Violation("bounded-work", "more than " + MAX_STEPS + " steps in one run"));
            }
        }
        return true;
    }

    // The next two are asked after every step.

    private boolean clientsAreDone() {
        for (SimClient client : cluster.activeClients()) {
            if (!client.isDone()) {
                return false;
            }
        }
        return true;
    }

    private boolean replicasAreLevel() {
        List<SimReplica> core = core();
        for (SimReplica replica : core) {
            if (executed(replica) != executed(core.get(0))) {
                return false;
            }
        }
        return true;
    }

    private long executed(SimReplica replica) {
        return replica.status().map(status -> status.executed().value()).orElse(-1L);
    }

    /** The correct replicas that can be counted on: without state transfer, not those that fell behind. */
    private List<SimReplica> core() {
        List<SimReplica> correct = cluster.correctReplicas();
        if (capabilities.contains(Capability.STATE_TRANSFER)) {
            return correct;
        }
        long stable = correct.stream()
                .flatMap(replica -> replica.status().stream())
                .mapToLong(status -> status.stable().value())
                .max()
                .orElse(0);
        return correct.stream().filter(replica -> executed(replica) >= stable).toList();
    }

    /** Why the core of the library cannot be expected to finish this run; empty if it can. */
    private Optional<String> excuse() {
        List<SimReplica> core = core();
        QuorumSystem quorums = QuorumSystem.of(plan.protocol(), plan.replicas());
        ReplicaId primary = View.ZERO.primary(plan.replicas());
        boolean primaryWorks = core.stream().anyMatch(replica -> replica.id().equals(primary));
        if (!capabilities.contains(Capability.VIEW_CHANGE) && !primaryWorks) {
            return Optional.of("the primary is faulty or fell behind, and there is no view change");
        }
        if (core.size() < quorums.certificate()) {
            return Optional.of("too many replicas fell behind, and there is no state transfer");
        }
        return Optional.empty();
    }

    private void complain(Supplier<String> what) {
        Optional<String> excuse = excuse();
        if (excuse.isPresent()) {
            world.coverage().count("liveness not demanded: " + excuse.get());
        } else {
            world.violated(new Violation("liveness", what.get()));
        }
    }

    private String unfinished() {
        StringBuilder text = new StringBuilder("after ")
                .append(patience() / SECOND)
                .append(" s on a timely network with at most f faulty replicas these clients still wait:");
        for (SimClient client : cluster.activeClients()) {
            if (!client.isDone()) {
                text.append(' ')
                        .append(client.id())
                        .append(" for ")
                        .append(client.outstanding())
                        .append(" results;");
            }
        }
        return text.append(" the correct replicas: ").append(standings()).toString();
    }

    private String uneven() {
        return "every client is done, but after " + CATCH_UP_NANOS / SECOND
                + " s the correct replicas have not executed equally much: " + standings();
    }

    private String standings() {
        StringBuilder text = new StringBuilder();
        for (SimReplica replica : cluster.correctReplicas()) {
            text.append(replica.id()).append(' ').append(replica.status()).append("; ");
        }
        return text.toString();
    }

    private void sampleAll() {
        for (SimReplica replica : cluster.correctReplicas()) {
            Optional<ProtocolStatus> status = replica.status();
            status.ifPresent(s -> world.show(new Observation.StatusSampled(world.now(), replica.id(), s)));
        }
    }
}
