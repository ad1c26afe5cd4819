package dev.quorate.simulator.fault;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.wire.Peer;
import dev.quorate.simulator.byzantine.ByzantineKind;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.network.LinkConditions;
import dev.quorate.simulator.node.ClientPlan;
import dev.quorate.simulator.node.NodeTiming;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * Draws the plan of a run from its seed. Each run has a random subset of the kinds of faults, each as strong as drawn
 * (Groce et al., "Swarm Testing", ISSTA 2012): a run with all of them at once would hardly get anywhere, and some
 * faults hide others.
 */
public final class Swarm {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final List<ByzantineKind> LATER_KINDS = List.of(
            ByzantineKind.EQUIVOCATES_IN_VIEW_CHANGES,
            ByzantineKind.WITHHOLDS_NEW_VIEWS,
            ByzantineKind.SPAMS_VIEW_CHANGES,
            ByzantineKind.DAWDLES,
            ByzantineKind.LIES_IN_STATE);
    private static final List<ByzantineKind> MINBFT_KINDS = List.of(
            ByzantineKind.BREAKS_ORDER,
            ByzantineKind.VOTES_OUT_OF_TURN,
            ByzantineKind.CONFUSES_VIEWS,
            ByzantineKind.BURNS_COUNTERS,
            ByzantineKind.LIES_ABOUT_STREAMS,
            ByzantineKind.LIES_IN_MIN_STATUS);
    private static final List<ByzantineKind> LAST_KINDS =
            List.of(ByzantineKind.TRICKLES_STATE, ByzantineKind.LIES_ABOUT_TIME);
    private static final List<ByzantineKind> LAST_KINDS_OF_MINBFT =
            List.of(ByzantineKind.PINS_STREAMS, ByzantineKind.INVENTS_EPOCHS, ByzantineKind.LIES_ABOUT_TIME);
    private static final List<ByzantineKind> FIRST_KINDS = Arrays.stream(ByzantineKind.values())
            .filter(kind -> !LATER_KINDS.contains(kind) && !MINBFT_KINDS.contains(kind))
            .filter(kind -> !LAST_KINDS.contains(kind) && !LAST_KINDS_OF_MINBFT.contains(kind))
            .filter(kind -> kind != ByzantineKind.USES_OLD_USIG)
            .toList();

    private final Seed seed;
    private final Protocol protocol;
    private final String signatureScheme;
    private final int replicas;
    private final int f;
    private final long faultPhase;
    private final int clients;
    private final int byzantineClients;

    private Swarm(Seed seed, Protocol protocol, String signatureScheme, OptionalInt fixedReplicas) {
        this.seed = seed;
        this.protocol = protocol;
        this.signatureScheme = signatureScheme;
        Randomness random = seed.stream("swarm: size");
        int drawn = protocol == Protocol.PBFT
                ? random.pick(List.of(4, 4, 4, 4, 5, 6, 7, 7, 10))
                : random.pick(List.of(3, 3, 3, 4, 5, 5, 7));
        this.replicas = fixedReplicas.orElse(drawn);
        this.f = protocol.maxFaulty(replicas);
        this.faultPhase = random.skewed(SECOND / 2, 6 * SECOND);
        this.clients = random.between(1, 4);
        this.byzantineClients = random.chance(0.3) ? random.between(1, 2) : 0;
    }

    /** The plan of the run of this seed. */
    public static RunPlan plan(Seed seed, Protocol protocol, String signatureScheme, OptionalInt replicas) {
        return new Swarm(seed, protocol, signatureScheme, replicas).draw();
    }

    private RunPlan draw() {
        List<FaultyReplica> faulty = faulty();
        Randomness random = seed.stream("swarm: rest");
        return new RunPlan(
                protocol,
                signatureScheme,
                replicas,
                limits(),
                timing(),
                conditions(),
                clientPlans(),
                clients,
                byzantineClients,
                byzantineClients,
                faulty,
                faults(faulty),
                clockRates(),
                random.chance(0.5) ? 0 : random.skewed(MILLI, 2 * SECOND),
                faultPhase,
                seed.stream("swarm: fast reads").chance(0.4));
    }

    private Limits limits() {
        Randomness random = seed.stream("swarm: limits");
        int interval = random.pick(List.of(1, 2, 4, 4, 8, 8, 16, 32));
        int statusMillis = random.pick(List.of(20, 50, 100));
        return Limits.defaults()
                .with(Limit.CHECKPOINT_INTERVAL, interval)
                .with(Limit.WINDOW, interval * random.pick(List.of(2, 2, 3, 4, 8)))
                .with(Limit.HISTORY_BYTES, seed.stream("swarm: history").pick(List.of(0, 0, 4_000, 64 << 20)))
                .with(Limit.PIPELINE_DEPTH, random.between(1, 8))
                .with(Limit.MAX_BATCH_REQUESTS, random.pick(List.of(1, 2, 4, 16)))
                .with(Limit.SESSIONS_PER_CLIENT, random.between(1, 4))
                .with(Limit.REQUESTS_PER_SESSION, random.pick(List.of(1, 2, 4, 8)))
                .with(Limit.STATUS_INTERVAL, statusMillis)
                .with(Limit.IDLE_STATUS_INTERVAL, statusMillis * random.pick(List.of(2, 5, 10)))
                .with(Limit.CLIENT_RETRY, random.pick(List.of(50, 200, 500)))
                .with(Limit.CLIENT_TIMEOUT, random.pick(List.of(2_000, 10_000, 3_600_000, 3_600_000)));
    }

    private NodeTiming timing() {
        Randomness random = seed.stream("swarm: timing");
        return new NodeTiming(
                random.chance(0.2) ? 0 : random.skewed(10_000, 20 * MILLI),
                random.skewed(1_000, 5 * MILLI),
                random.skewed(1_000, 50 * MILLI),
                random.chance(0.3) ? 0 : random.skewed(1_000, 2 * MILLI));
    }

    private LinkConditions conditions() {
        Randomness random = seed.stream("swarm: network");
        return new LinkConditions(
                random.skewed(10_000, 10 * MILLI),
                random.skewed(10_000, 20 * MILLI),
                random.chance(0.4) ? 0.01 + random.fraction() / 10 : 0,
                random.between(2, 50),
                random.chance(0.5) ? random.fraction() * random.fraction() / 2 : 0,
                random.chance(0.4) ? random.fraction() / 3 : 0,
                random.chance(0.5) ? random.fraction() : 0);
    }

    private List<ClientPlan> clientPlans() {
        List<ClientPlan> plans = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Randomness random = seed.stream("swarm: client", i);
            plans.add(new ClientPlan(
                    (int) random.skewed(5, 80),
                    (int) random.skewed(1, 50),
                    random.chance(0.7) ? 1 : random.between(2, 3),
                    random.pick(List.of(1, 1, 2, 4, 12)),
                    random.skewed(MILLI / 10, 200 * MILLI),
                    random.chance(0.3) ? random.fraction() / 2 : 0));
        }
        return plans;
    }

    private List<FaultyReplica> faulty() {
        Randomness random = seed.stream("swarm: faulty replicas");
        List<ReplicaId> ids = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            ids.add(new ReplicaId(i));
        }
        int count = random.chance(0.25) ? 0 : random.chance(0.7) ? f : random.between(0, f);
        List<FaultyReplica> faulty = new ArrayList<>();
        List<ReplicaId> chosen = random.shuffled(ids);
        if (random.chance(0.25)) {
            // A faulty primary can do the most harm.
            Collections.swap(chosen, 0, chosen.indexOf(ids.get(0)));
        }
        for (ReplicaId id : chosen.subList(0, count)) {
            FaultyReplica.Nature nature = orVolatile(
                    id,
                    random.pick(List.of(
                            FaultyReplica.Nature.BYZANTINE,
                            FaultyReplica.Nature.BYZANTINE,
                            FaultyReplica.Nature.BYZANTINE,
                            FaultyReplica.Nature.TWINS,
                            FaultyReplica.Nature.AMNESIC,
                            FaultyReplica.Nature.AMNESIC)));
            List<ByzantineKind> kinds =
                    nature == FaultyReplica.Nature.BYZANTINE ? kinds(random) : List.<ByzantineKind>of();
            faulty.add(new FaultyReplica(
                    id,
                    nature,
                    nature == FaultyReplica.Nature.BYZANTINE
                            ? inProtocol(withLastKind(
                                    id, withOldUsig(id, withMinbftKinds(id, withLaterKinds(id, kinds)))))
                            : kinds));
        }
        return faulty;
    }

    /** Of the replicas of MinBFT that may forget, half lose their counters, too. */
    private FaultyReplica.Nature orVolatile(ReplicaId id, FaultyReplica.Nature nature) {
        boolean isVolatile = nature == FaultyReplica.Nature.AMNESIC
                && protocol == Protocol.MINBFT
                && seed.stream("swarm: volatile counters", id.value()).chance(0.5);
        return isVolatile ? FaultyReplica.Nature.VOLATILE : nature;
    }

    /** Mixes in, for some replicas, the kinds that came later, so that the seeds of the others kept their meaning. */
    private List<ByzantineKind> withLaterKinds(ReplicaId id, List<ByzantineKind> kinds) {
        Randomness random = seed.stream("swarm: later kinds of behaviour", id.value());
        List<ByzantineKind> mixed = new ArrayList<>(kinds);
        if (random.chance(0.4)) {
            for (ByzantineKind kind : random.some(LATER_KINDS, 0.4)) {
                mixed.add(random.between(0, mixed.size()), kind);
            }
        }
        return mixed;
    }

    /** For MinBFT those that its USIG leaves possible: alone, or before the others. */
    private List<ByzantineKind> withMinbftKinds(ReplicaId id, List<ByzantineKind> kinds) {
        Randomness random = seed.stream("swarm: kinds of behaviour of MinBFT", id.value());
        if (protocol != Protocol.MINBFT || random.chance(0.25)) {
            return kinds;
        }
        List<ByzantineKind> mixed = new ArrayList<>(random.shuffled(random.some(MINBFT_KINDS, 0.45)));
        if (mixed.isEmpty() || random.chance(0.4)) {
            mixed.addAll(kinds);
        }
        return mixed;
    }

    /** In MinBFT some rejoin without having forgotten anything, and lie with two USIGs. */
    private List<ByzantineKind> withOldUsig(ReplicaId id, List<ByzantineKind> kinds) {
        Randomness random = seed.stream("swarm: replicas with two USIGs", id.value());
        if (protocol != Protocol.MINBFT || random.chance(0.8)) {
            return kinds;
        }
        List<ByzantineKind> mixed = random.chance(0.5) ? new ArrayList<>() : new ArrayList<>(kinds);
        mixed.add(ByzantineKind.USES_OLD_USIG);
        return mixed;
    }

    /** One more kind for some, after what it does besides, or alone: again so that the seeds of the others keep theirs. */
    private List<ByzantineKind> withLastKind(ReplicaId id, List<ByzantineKind> kinds) {
        Randomness random = seed.stream("swarm: last kinds of behaviour", id.value());
        if (random.chance(0.75)) {
            return kinds;
        }
        List<ByzantineKind> mixed = random.chance(0.3) ? new ArrayList<>() : new ArrayList<>(kinds);
        boolean ofMinBft = protocol == Protocol.MINBFT && random.chance(0.8);
        mixed.add(random.pick(ofMinBft ? LAST_KINDS_OF_MINBFT : LAST_KINDS));
        return mixed;
    }

    /** What does nothing in this protocol is exchanged for what does. */
    private List<ByzantineKind> inProtocol(List<ByzantineKind> kinds) {
        return kinds.stream().map(kind -> kind.in(protocol)).distinct().toList();
    }

    private static List<ByzantineKind> kinds(Randomness random) {
        if (random.chance(0.2)) {
            // The attack on agreement itself: says different things, and helps everybody to believe them.
            return List.of(ByzantineKind.EQUIVOCATES, ByzantineKind.VOTES_FOR_ALL);
        }
        List<ByzantineKind> some = random.some(FIRST_KINDS, random.chance(0.5) ? 0.12 : 0.3);
        return some.isEmpty() ? List.of(random.pick(FIRST_KINDS)) : random.shuffled(some);
    }

    private List<Fault> faults(List<FaultyReplica> faulty) {
        Randomness swarm = seed.stream("swarm: kinds of faults");
        List<Peer> amnesic = faulty.stream()
                .filter(replica -> replica.nature().forgets())
                .map(replica -> (Peer) new Peer.OfReplica(replica.id()))
                .toList();
        List<Fault.Kind> kinds = new ArrayList<>();
        for (Fault.Kind kind : Fault.Kind.values()) {
            boolean chosen = swarm.chance(kind.loses() ? 0.4 : 0.25);
            if (chosen && !(kind.loses() && amnesic.isEmpty())) {
                kinds.add(kind);
            }
        }
        int count = kinds.isEmpty() ? 0 : (int) swarm.skewed(1, 12);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Randomness random = seed.stream("swarm: fault", i);
            Fault.Kind kind = random.pick(kinds);
            faults.add(fault(i, kind, kind.loses() ? List.of(random.pick(amnesic)) : group(kind, random), random));
        }
        faults.addAll(restarts(count));
        for (FaultyReplica replica : faulty) {
            if (replica.nature() == FaultyReplica.Nature.VOLATILE) {
                faults.addAll(stops(faults.size(), replica.id(), Fault.Kind.CRASH));
            } else if (replica.kinds().contains(ByzantineKind.USES_OLD_USIG)) {
                faults.addAll(stops(faults.size(), replica.id(), Fault.Kind.CRASH_WITHOUT_DISK));
            }
        }
        return faults;
    }

    /** One whose counter is volatile, or that is to rejoin, stops at least once: nothing comes of it otherwise. */
    private List<Fault> stops(int firstIndex, ReplicaId id, Fault.Kind kind) {
        Randomness random = seed.stream("swarm: stops of replicas that lose their counters", id.value());
        List<Fault> faults = new ArrayList<>();
        for (int times = random.between(1, 3); times > 0; times--) {
            faults.add(fault(firstIndex + faults.size(), kind, List.of(new Peer.OfReplica(id)), random));
        }
        return faults;
    }

    /** In some runs all replicas stop at once, or one after the other. */
    private List<Fault> restarts(int firstIndex) {
        Randomness random = seed.stream("swarm: restarts");
        List<Fault> faults = new ArrayList<>();
        List<Peer> all = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            all.add(new Peer.OfReplica(new ReplicaId(i)));
        }
        if (random.chance(0.2)) {
            for (int times = random.between(1, 3); times > 0; times--) {
                faults.add(fault(firstIndex + faults.size(), Fault.Kind.CRASH, random.shuffled(all), random));
            }
        }
        if (random.chance(0.15)) {
            long at = random.between(0, faultPhase);
            long down = random.skewed(5 * MILLI, SECOND);
            for (Peer one : random.shuffled(all)) {
                faults.add(new Fault(firstIndex + faults.size(), Fault.Kind.CRASH, at, down, List.of(one), 0));
                at += (long) (down * (0.5 + random.fraction()));
            }
        }
        return faults;
    }

    private Fault fault(int index, Fault.Kind kind, List<Peer> group, Randomness random) {
        int strength =
                switch (kind) {
                    case SLOW_LINKS, SLOW_DISK -> random.between(2, 50);
                    case LOSSY_LINKS -> random.between(5, 95);
                    case CRASH -> random.chance(0.5) ? 0 : (int) random.skewed(1, 500);
                    case TORN_WRITE -> random.chance(0.5) ? random.below(8) : (int) random.skewed(1, 300);
                    case FAILING_DISK -> random.chance(0.5) ? 0 : random.below(30);
                    case FULL_DISK -> random.chance(0.5) ? 0 : random.below(100_000);
                    default -> 0;
                };
        return new Fault(
                index, kind, random.between(0, faultPhase), random.skewed(5 * MILLI, 2 * faultPhase), group, strength);
    }

    /** Any replicas, and in faults of the network clients too; often one alone, and often the first primary. */
    private List<Peer> group(Fault.Kind kind, Randomness random) {
        List<Peer> all = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            all.add(new Peer.OfReplica(new ReplicaId(i)));
        }
        Peer one = random.chance(0.3) ? all.get(0) : random.pick(all);
        if (random.chance(0.5)) {
            return List.of(one);
        }
        if (kind.isOfNetwork()) {
            for (int i = 0; i < clients + byzantineClients; i++) {
                all.add(new Peer.OfClient(new ClientId(i)));
            }
        }
        List<Peer> some = random.some(all, 0.4);
        return some.isEmpty() ? List.of(one) : some;
    }

    private List<Double> clockRates() {
        Randomness random = seed.stream("swarm: clocks");
        boolean skewed = random.chance(0.3);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            rates.add(skewed ? 0.5 + 1.5 * random.fraction() : 1.0);
        }
        return rates;
    }
}
