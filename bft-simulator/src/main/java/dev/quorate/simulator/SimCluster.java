package dev.quorate.simulator;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.byzantine.Adversary;
import dev.quorate.simulator.byzantine.Behaviour;
import dev.quorate.simulator.byzantine.ByzantineClient;
import dev.quorate.simulator.byzantine.ByzantineKind;
import dev.quorate.simulator.byzantine.ByzantineOutbox;
import dev.quorate.simulator.byzantine.Loot;
import dev.quorate.simulator.byzantine.StaleReads;
import dev.quorate.simulator.byzantine.Twins;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.fault.FaultyReplica;
import dev.quorate.simulator.fault.RunPlan;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.node.Outbox;
import dev.quorate.simulator.node.SimClient;
import dev.quorate.simulator.node.SimReplica;
import dev.quorate.simulator.node.World;
import dev.quorate.usig.UsigDurability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** The replicas and clients of one run, correct and faulty ones, as its plan says. */
final class SimCluster {
    private static final long BYZANTINE_PERIOD = 50_000_000;
    private static final long TWINS_PERIOD = 500_000_000;

    private final World world;
    private final RunPlan plan;
    private final OperationGenerator generator;
    private final OperationGenerator faultyGenerator;
    private final Loot loot = new Loot();
    /** All replicas that run once; not those that run as twins. */
    private final Predicate<Bytes> reads;

    private final Map<ReplicaId, SimReplica> replicas = new TreeMap<>();

    private final List<Twins> twins = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final List<ByzantineClient> byzantineClients = new ArrayList<>();
    private final List<Peer> everybody = new ArrayList<>();
    private final List<SimReplica> correctReplicas;
    private final List<SimClient> activeClients;

    /** @param reads which operations of correct clients need not be ordered */
    SimCluster(
            World world,
            RunPlan plan,
            OperationGenerator generator,
            Predicate<Bytes> reads,
            OperationGenerator faultyGenerator) {
        this.world = world;
        this.plan = plan;
        this.generator = generator;
        this.reads = reads;
        this.faultyGenerator = faultyGenerator;
        for (int i = 0; i < plan.replicas(); i++) {
            ReplicaId id = new ReplicaId(i);
            everybody.add(new Peer.OfReplica(id));
            Optional<FaultyReplica> faulty =
                    plan.faulty().stream().filter(f -> f.id().equals(id)).findFirst();
            addReplica(id, faulty);
        }
        for (int i = 0; i < plan.clients().size() + plan.byzantineClients(); i++) {
            everybody.add(new Peer.OfClient(new ClientId(i)));
            addClient(new ClientId(i));
        }
        correctReplicas = replicas.values().stream()
                .filter(replica -> plan.faulty().stream().noneMatch(f -> f.id().equals(replica.id())))
                .toList();
        activeClients = List.copyOf(clients.subList(0, plan.activeClients()));
    }

    private void addReplica(ReplicaId id, Optional<FaultyReplica> faulty) {
        FaultyReplica.Nature nature = faulty.map(FaultyReplica::nature).orElse(FaultyReplica.Nature.AMNESIC);
        switch (nature) {
            case TWINS -> addTwins(id);
            case BYZANTINE -> addSingle(id, byzantine(id, faulty.orElseThrow().kinds()), false);
            case AMNESIC -> addSingle(id, direct(id), true);
            case VOLATILE -> {
                world.usigs().set(id, UsigDurability.VOLATILE);
                addSingle(id, direct(id), true);
            }
        }
    }

    private void addSingle(ReplicaId id, Function<ReplicaCore, Outbox> outbox, boolean correct) {
        SimReplica replica = new SimReplica(world, id, 0, outbox, correct);
        replica.setClockRate(plan.clockRates().get(id.value()));
        replicas.put(id, replica);
        world.network().attach(replica.peer(), replica);
    }

    private Function<ReplicaCore, Outbox> direct(ReplicaId id) {
        Outbox outbox = Outbox.direct(world.network(), new Peer.OfReplica(id));
        return core -> outbox;
    }

    private Function<ReplicaCore, Outbox> byzantine(ReplicaId id, List<ByzantineKind> kinds) {
        Randomness random = world.seed().stream("byzantine", id.value());
        // What it says behind its state machine's back is in no log: a counter that goes back to that would be
        // repeated.
        world.usigs().set(id, UsigDurability.DURABLE);
        Adversary adversary = new Adversary(
                world.members().config(), id, world.members().replicas().get(id.value()), world.usigs(), loot, random);
        List<Behaviour> behaviours = new ArrayList<>();
        for (ByzantineKind kind : kinds) {
            world.coverage().count("byzantine replica: " + kind);
            behaviours.add(kind.create(world.seed().stream("byzantine: " + kind, id.value())));
        }
        if (plan.fastReads()) {
            // Not one of the kinds that a seed draws from: those runs would become others.
            behaviours.add(new StaleReads());
        }
        Outbox outbox = new ByzantineOutbox(
                world.scheduler(),
                world.network(),
                adversary,
                behaviours,
                () -> replicas.get(id).isUp() && !replicas.get(id).isPaused(),
                BYZANTINE_PERIOD);
        return core -> outbox;
    }

    private void addTwins(ReplicaId id) {
        world.coverage().count("byzantine replica: TWINS");
        Twins both = new Twins(world.scheduler(), world.seed().stream("twins", id.value()));
        both.set(twin(id, both, true), twin(id, both, false));
        twins.add(both);
        world.network().attach(new Peer.OfReplica(id), both);
    }

    private SimReplica twin(ReplicaId id, Twins both, boolean first) {
        Outbox outbox = both.outboxOf(first).apply(Outbox.direct(world.network(), new Peer.OfReplica(id)));
        return new SimReplica(world, id, first ? 0 : 1, core -> outbox, false);
    }

    private void addClient(ClientId id) {
        if (id.value() < plan.clients().size()) {
            SimClient client = new SimClient(world, id, plan.clients().get(id.value()), generator, reads);
            clients.add(client);
            world.network().attach(client.peer(), client);
            return;
        }
        ClientId victim = new ClientId(0);
        ByzantineClient client = new ByzantineClient(
                world,
                id,
                faultyGenerator,
                sealer(id, id.value()),
                sealer(id, victim.value()),
                sealer(victim, id.value()),
                victim,
                BYZANTINE_PERIOD);
        byzantineClients.add(client);
        world.network().attach(new Peer.OfClient(id), client);
    }

    /** Seals in the name of {@code id} with the key of the client numbered {@code key}. */
    private Sealer sealer(ClientId id, int key) {
        return Adversary.sealer(
                world.members().config(), id.value(), world.members().clients().get(key), SimulatedUsigs.forged(0));
    }

    /** Starts everybody: the replicas at random times, the clients at once. */
    void start() {
        Randomness random = world.seed().stream("start");
        for (SimReplica replica : replicas.values()) {
            world.scheduler().after(random.between(0, plan.maxStartNanos()), () -> {
                replica.start();
                connect(replica.peer());
            });
        }
        twins.forEach(both -> both.start(TWINS_PERIOD));
        activeClients.forEach(SimClient::start);
        byzantineClients.subList(0, plan.activeByzantineClients()).forEach(ByzantineClient::start);
    }

    private void connect(Peer started) {
        for (Peer other : everybody) {
            if (!other.equals(started)) {
                world.network().reconnect(started, other);
            }
        }
    }

    List<Peer> everybody() {
        return everybody;
    }

    /** The replica to crash or pause; empty for twins and clients. */
    Optional<SimReplica> replica(Peer peer) {
        return peer instanceof Peer.OfReplica replica
                ? Optional.ofNullable(replicas.get(replica.id()))
                : Optional.empty();
    }

    /** The replicas that count as correct during the whole run: neither Byzantine nor such as forget. */
    List<SimReplica> correctReplicas() {
        return correctReplicas;
    }

    /** The correct clients that do anything. */
    List<SimClient> activeClients() {
        return activeClients;
    }
}
