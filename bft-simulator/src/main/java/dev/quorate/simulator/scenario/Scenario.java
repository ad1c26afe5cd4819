package dev.quorate.simulator.scenario;

import dev.quorate.core.ClientId;
import dev.quorate.core.Identity;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Validation;
import dev.quorate.simulator.SimService;
import dev.quorate.simulator.byzantine.Adversary;
import dev.quorate.simulator.check.Invariants;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.crypto.SimulatedUsigs;
import dev.quorate.simulator.journal.Journal;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.network.LinkConditions;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Members;
import dev.quorate.simulator.node.NodeTiming;
import dev.quorate.simulator.node.Outbox;
import dev.quorate.simulator.node.SimReplica;
import dev.quorate.simulator.node.World;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * A cluster of which a test says who does what:
 *
 * <pre>{@code
 * Scenario scenario = Scenario.pbft(4).played(0).start();
 * PlayedReplica primary = scenario.played(0);
 * Verified<Request> request = scenario.client(0).sign(1, "put x 5");
 * primary.send(primary.prePrepare(0, 1, PlayedReplica.batch(request)), 1, 2);
 * Valve lost = scenario.lose(Flow.of(Commit.class).to(3));
 * scenario.runFor(Duration.ofSeconds(1));
 * assertThat(scenario.executed(1)).containsExactly(request.message().id());
 * }</pre>
 *
 * <p>Links take a tenth of a millisecond, and keep the order. Every invariant is checked all the time: whatever a
 * scenario does, {@link #runFor} and {@link #runUntil} throw an {@link AssertionError} when one is broken. Not
 * thread-safe.
 */
public final class Scenario {
    private static final int KEPT_EVENTS = 1_000;
    private static final int SHOWN_EVENTS = 60;

    private final World world;
    private final Map<Integer, SimReplica> replicas = new TreeMap<>();
    private final Map<Integer, PlayedReplica> played = new TreeMap<>();
    private final List<ScriptedClient> clients = new ArrayList<>();
    private final List<Valve> valves = new ArrayList<>();
    private final Map<ReplicaId, List<RequestId>> executed = new TreeMap<>();
    private final MessageValidator validator;

    private Scenario(Builder builder) {
        Members members = Members.create(
                new Seed(builder.seed),
                builder.protocol,
                builder.signatures,
                builder.replicas,
                builder.clients,
                builder.limits);
        world = new World(
                new Seed(builder.seed),
                members,
                new NodeTiming(0, 0, 0, 0),
                builder.cores,
                SimService::new,
                new Journal(KEPT_EVENTS));
        world.network().setConditions(new LinkConditions(100_000, 0, 0, 1, 0, 0, 0));
        validator = builder.cores
                .replica(
                        members.config(),
                        members.replicas().get(0),
                        new SimService(),
                        world.usigs().of(new ReplicaId(0)))
                .validator();
        Set<ClientId> correct = new TreeSet<>();
        for (int i = 0; i < builder.clients; i++) {
            if (!builder.faultyClients.contains(i)) {
                correct.add(new ClientId(i));
            }
        }
        Invariants.of(members.config(), correct).forEach(world::check);
        world.observe(this::remember);
        world.network().intercept(this::intercept);
        for (int i = 0; i < builder.replicas; i++) {
            ReplicaId id = new ReplicaId(i);
            Optional.ofNullable(builder.usigs.get(i))
                    .ifPresent(durability -> world.usigs().set(id, durability));
            addReplica(i, builder.played.contains(i));
        }
        for (int i = 0; i < builder.clients; i++) {
            ClientId client = new ClientId(i);
            clients.add(new ScriptedClient(world, client, correct.contains(client)));
            world.network().attach(new Peer.OfClient(client), clients.get(i));
        }
        if (builder.starting) {
            replicas.values().forEach(SimReplica::start);
        }
    }

    private void addReplica(int number, boolean isPlayed) {
        ReplicaId id = new ReplicaId(number);
        Peer peer = new Peer.OfReplica(id);
        Identity identity = world.members().replicas().get(number);
        if (isPlayed) {
            ReplicaCore core = ReplicaCore.create(
                    world.members().config(),
                    identity,
                    new SimService(),
                    Optional.of(world.usigs().of(id)));
            played.put(
                    number,
                    new PlayedReplica(
                            world.members().config(), id, identity, core.sealer(), world.network(), validator));
            world.network().attach(peer, played.get(number));
        } else {
            Outbox outbox = Outbox.direct(world.network(), peer);
            replicas.put(number, new SimReplica(world, id, 0, core -> outbox, true));
            world.network().attach(peer, replicas.get(number));
        }
    }

    private void remember(Observation observation) {
        if (observation instanceof Observation.Executed e) {
            executed.computeIfAbsent(e.replica(), replica -> new ArrayList<>()).addAll(e.requests());
        } else if (observation instanceof Observation.Restarted restarted) {
            executed.remove(restarted.replica());
        }
    }

    private boolean intercept(Packet packet, Peer to) {
        if (validator.validate(packet.frame(), packet.from()) instanceof Validation.Accepted accepted) {
            for (Valve valve : valves) {
                if (valve.takes(packet, to, accepted.message().message())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A cluster of PBFT. */
    public static Builder pbft(int replicas) {
        return new Builder(Protocol.PBFT, replicas);
    }

    /** A cluster of MinBFT. */
    public static Builder minbft(int replicas) {
        return new Builder(Protocol.MINBFT, replicas);
    }

    // --- who takes part

    /** A replica that the test plays. */
    public PlayedReplica played(int replica) {
        PlayedReplica found = played.get(replica);
        if (found == null) {
            throw new IllegalArgumentException("replica " + replica + " is not played: name it to played(…) before");
        }
        return found;
    }

    /** Seals in the name of a replica with certificates that are made up, from counter 1 on. */
    public Sealer withForgedUsig(int replica) {
        return Adversary.sealer(
                world.members().config(),
                replica,
                world.members().replicas().get(replica),
                SimulatedUsigs.forged(replica));
    }

    /** Seals in the name of a replica with a copy of its USIG: outside of the model, to see that it is noticed. */
    public Sealer withClonedUsig(int replica) {
        return Adversary.sealer(
                world.members().config(),
                replica,
                world.members().replicas().get(replica),
                world.usigs().cloneOf(new ReplicaId(replica)));
    }

    /** Gives a replica that the test plays a USIG of a new epoch, with which it seals from now on. */
    public UsigIdentity renewUsig(int replica) {
        return world.usigs().renew(played(replica).id(), 1);
    }

    /** Seals in the name of a replica with the USIG that it had before its newest one. */
    public Sealer withFormerUsig(int replica) {
        List<Usig> former = world.usigs().formerOf(new ReplicaId(replica));
        return Adversary.sealer(
                world.members().config(),
                replica,
                world.members().replicas().get(replica),
                former.get(former.size() - 1));
    }

    /** A replica that runs by itself. */
    public SimReplica replica(int replica) {
        SimReplica found = replicas.get(replica);
        if (found == null) {
            throw new IllegalArgumentException("replica " + replica + " is played, or does not exist");
        }
        return found;
    }

    /** Starts a replica, for the first time or again, with the disk that it has; the others hear of it. */
    public void restart(int replica) {
        SimReplica restarted = replica(replica);
        restarted.restart(true);
        for (int i = 0; i < world.members().config().n(); i++) {
            if (i != replica) {
                world.network().reconnect(restarted.peer(), new Peer.OfReplica(new ReplicaId(i)));
            }
        }
    }

    public ScriptedClient client(int client) {
        return clients.get(client);
    }

    // --- what the network does

    /** From now on loses these messages. */
    public Valve lose(Flow flow) {
        return add(new Valve(world.network(), flow, false));
    }

    /** From now on holds these messages back. */
    public Valve hold(Flow flow) {
        return add(new Valve(world.network(), flow, true));
    }

    /** From now on all links are like this; at first they take a tenth of a millisecond each, and lose nothing. */
    public void network(LinkConditions conditions) {
        world.network().setConditions(conditions);
    }

    private Valve add(Valve valve) {
        valves.add(valve);
        return valve;
    }

    // --- time

    /** Lets virtual time pass. */
    public Scenario runFor(Duration duration) {
        run(world.now() + duration.toNanos(), () -> false);
        return this;
    }

    /** Lets virtual time pass until something is so; fails if that takes longer than {@code limit}. */
    public Scenario runUntil(BooleanSupplier condition, Duration limit) {
        if (!run(world.now() + limit.toNanos(), condition)) {
            throw new AssertionError("not so within " + limit + "\n" + report());
        }
        return this;
    }

    private boolean run(long untilNanos, BooleanSupplier condition) {
        boolean met = condition.getAsBoolean();
        while (!met && world.scheduler().step(untilNanos)) {
            requireSafe();
            met = condition.getAsBoolean();
        }
        requireSafe();
        return met;
    }

    // --- what there is to see

    /** What a replica has executed, in order. */
    public List<RequestId> executed(int replica) {
        return List.copyOf(executed.getOrDefault(new ReplicaId(replica), List.of()));
    }

    /** Where a replica stands. */
    public ProtocolStatus status(int replica) {
        return replica(replica).status().orElseThrow(() -> new AssertionError("replica " + replica + " is down"));
    }

    /** How often what happened: see {@link dev.quorate.simulator.Coverage}. */
    public long count(String what) {
        return world.coverage().of(what);
    }

    /** The last events in words, one line for each. */
    public String report() {
        List<String> words = world.journal().lastInWords();
        return String.join("\n", words.subList(Math.max(0, words.size() - SHOWN_EVENTS), words.size()));
    }

    private void requireSafe() {
        Optional<Violation> violation = world.violation();
        if (violation.isPresent()) {
            throw new AssertionError(
                    violation.get().invariant() + ": " + violation.get().explanation() + "\n" + report());
        }
    }

    /** Collects what a scenario begins with. */
    public static final class Builder {
        private final Protocol protocol;
        private final int replicas;
        private final Set<Integer> played = new TreeSet<>();
        private int clients = 1;
        private final Set<Integer> faultyClients = new TreeSet<>();
        private long seed;
        /** Without a history, so that who falls behind needs a state: a script can have one. */
        private Limits limits = Limits.defaults().with(Limit.HISTORY_BYTES, 0);

        private String signatures = SimulatedSignatures.NAME;
        private CoreFactory cores = CoreFactory.PRODUCTION;
        private final Map<Integer, UsigDurability> usigs = new TreeMap<>();
        private boolean starting = true;

        private Builder(Protocol protocol, int replicas) {
            this.protocol = protocol;
            this.replicas = replicas;
        }

        /** The replicas that the test plays by hand; the others run by themselves. */
        public Builder played(int... ids) {
            for (int id : ids) {
                played.add(id);
            }
            return this;
        }

        /** How many clients; 1 unless said. */
        public Builder clients(int number) {
            clients = number;
            return this;
        }

        /** The clients from which anything may come: the checkers do not hold them to what they signed. */
        public Builder faultyClients(int... ids) {
            for (int id : ids) {
                faultyClients.add(id);
            }
            return this;
        }

        /** Another limit than the default. */
        public Builder limit(Limit limit, int value) {
            limits = limits.with(limit, value);
            return this;
        }

        /** Where keys come from; 0 unless said. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Another signature scheme than the simulated one. */
        public Builder signatures(String scheme) {
            signatures = scheme;
            return this;
        }

        /** Other state machines than those of production: to show that a scenario finds a mistake. */
        public Builder cores(CoreFactory factory) {
            cores = factory;
            return this;
        }

        /** What becomes of the counters of all replicas when they restart; drawn for each unless said. */
        public Builder usigs(UsigDurability durability) {
            for (int i = 0; i < replicas; i++) {
                usigs.put(i, durability);
            }
            return this;
        }

        /** What becomes of the counter of one replica when it restarts. */
        public Builder usig(int replica, UsigDurability durability) {
            usigs.put(replica, durability);
            return this;
        }

        /** Lets the test start the replicas, one by one. */
        public Builder startedByHand() {
            starting = false;
            return this;
        }

        /** Begins; and starts all replicas unless said otherwise. */
        public Scenario start() {
            return new Scenario(this);
        }
    }
}
