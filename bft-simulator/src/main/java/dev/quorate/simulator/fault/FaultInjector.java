package dev.quorate.simulator.fault;

import dev.quorate.core.wire.Peer;
import dev.quorate.simulator.network.SimNetwork;
import dev.quorate.simulator.node.SimReplica;
import dev.quorate.simulator.node.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** Makes faults happen when their time has come, and end. */
public final class FaultInjector {
    /** How long it takes until a broken connection is noticed. */
    private static final long DETECTION_NANOS = 100_000_000;

    private final World world;
    private final List<Peer> everybody;
    private final Function<Peer, Optional<SimReplica>> replicaOf;
    private final List<Fault> active = new ArrayList<>();
    /** Who will be started again when its turn comes. */
    private final List<Peer> waiting = new ArrayList<>();

    private boolean healed;

    /**
     * An injector.
     *
     * @param replicaOf the replica to crash or pause; empty for one that is not to be disturbed
     */
    public FaultInjector(World world, List<Peer> everybody, Function<Peer, Optional<SimReplica>> replicaOf) {
        this.world = world;
        this.everybody = List.copyOf(everybody);
        this.replicaOf = replicaOf;
    }

    /** Schedules a fault. */
    public void schedule(Fault fault) {
        world.scheduler().at(fault.atNanos(), () -> {
            if (!healed) {
                active.add(fault);
                world.note("fault: " + fault.kind().words(), fault, "begins");
                begin(fault);
                world.scheduler().after(fault.durationNanos(), () -> {
                    if (active.remove(fault)) {
                        world.note("fault ends", fault, "ends");
                        end(fault);
                    }
                });
            }
        });
    }

    /** Ends every fault; none begins any more. */
    public void heal() {
        healed = true;
        for (Fault fault : List.copyOf(active)) {
            world.note("fault ends", fault, "heals");
            end(fault);
        }
        active.clear();
        for (Peer member : waiting) {
            replicaOf.apply(member).ifPresent(replica -> restart(replica, true));
        }
        waiting.clear();
        world.network().heal();
    }

    private void begin(Fault fault) {
        SimNetwork network = world.network();
        switch (fault.kind()) {
            case PARTITION -> {
                bothWays(fault, network::cut);
                noticeLater(fault);
            }
            case HOLD -> bothWays(fault, network::hold);
            case MUTE -> outwards(fault, network::cut);
            case DEAFEN -> outwards(fault, (from, to) -> network.cut(to, from));
            case SLOW_LINKS -> bothWays(fault, (from, to) -> network.slow(from, to, fault.strength()));
            case LOSSY_LINKS -> bothWays(fault, (from, to) -> network.lossy(from, to, fault.strength() / 100.0));
            case PAUSE -> replicas(fault, SimReplica::pause);
            case CRASH, CRASH_WITHOUT_DISK -> {
                replicas(fault, SimReplica::crash);
                noticeLater(fault);
            }
            case SLOW_DISK -> replicas(fault, replica -> replica.disk().faults().setSlowness(fault.strength()));
            case FAILING_DISK ->
                replicas(fault, replica -> replica.disk().faults().failSyncsAfter(fault.strength()));
            case FULL_DISK ->
                replicas(
                        fault,
                        replica -> replica.disk()
                                .faults()
                                .setCapacity(replica.disk().used() + fault.strength()));
            case TORN_WRITE -> replicas(fault, replica -> replica.disk().crashAfter(fault.strength()));
            case CORRUPT_DISK -> {
                replicas(fault, SimReplica::crash);
                replicas(fault, SimReplica::corrupt);
                noticeLater(fault);
            }
            case MISDIRECTED_WRITE -> replicas(fault, SimReplica::misdirectNextWrite);
        }
    }

    /** After some time both ends notice that they do not hear from each other; where that is so still. */
    private void noticeLater(Fault fault) {
        world.scheduler().after(DETECTION_NANOS, () -> {
            if (active.contains(fault)) {
                outwards(fault, (member, other) -> {
                    if (fault.kind() == Fault.Kind.PARTITION || isDown(member)) {
                        world.network().disconnect(member, other);
                    }
                });
            }
        });
    }

    /** The end of another fault may have brought it back. */
    private boolean isDown(Peer member) {
        return replicaOf.apply(member).filter(SimReplica::isUp).isEmpty();
    }

    private void end(Fault fault) {
        SimNetwork network = world.network();
        switch (fault.kind()) {
            case PARTITION ->
                mend(fault, (one, other) -> {
                    network.mend(one, other);
                    network.mend(other, one);
                });
            case HOLD -> bothWays(fault, network::release);
            case MUTE -> mend(fault, network::mend);
            case DEAFEN -> mend(fault, (one, other) -> network.mend(other, one));
            case SLOW_LINKS -> bothWays(fault, (from, to) -> network.slow(from, to, 1));
            case LOSSY_LINKS -> bothWays(fault, (from, to) -> network.lossy(from, to, 0));
            case PAUSE -> replicas(fault, SimReplica::resume);
            case CRASH -> restartInTurn(fault);
            case CORRUPT_DISK -> replicas(fault, replica -> restart(replica, true));
            case CRASH_WITHOUT_DISK -> replicas(fault, replica -> restart(replica, false));
            case SLOW_DISK -> replicas(fault, replica -> replica.disk().faults().setSlowness(1));
            case FAILING_DISK ->
                replicas(fault, replica -> {
                    replica.disk().faults().failSyncsAfter(Long.MAX_VALUE);
                    restart(replica, true);
                });
            case FULL_DISK ->
                replicas(fault, replica -> {
                    replica.disk().faults().setCapacity(Long.MAX_VALUE);
                    restart(replica, true);
                });
            case TORN_WRITE ->
                replicas(fault, replica -> {
                    replica.disk().crashNever();
                    restart(replica, true);
                });
            case MISDIRECTED_WRITE ->
                replicas(fault, replica -> {
                    replica.crash();
                    restart(replica, true);
                });
        }
    }

    /** One after the other; all of them at once if everything heals. */
    private void restartInTurn(Fault fault) {
        long delay = healed ? 0 : fault.strength() * 1_000_000L;
        for (int i = 0; i < fault.group().size(); i++) {
            Peer member = fault.group().get(i);
            if (i == 0 || delay == 0) {
                replicaOf.apply(member).ifPresent(replica -> restart(replica, true));
            } else {
                waiting.add(member);
                world.scheduler().after(i * delay, () -> {
                    if (waiting.remove(member)) {
                        replicaOf.apply(member).ifPresent(replica -> restart(replica, true));
                    }
                });
            }
        }
    }

    private void restart(SimReplica replica, boolean withDisk) {
        if (!replica.isUp()) {
            world.note("replica restarts", replica.id(), withDisk ? "restarts" : "restarts without its disk");
            replica.restart(withDisk);
            for (Peer other : everybody) {
                if (!other.equals(replica.peer())) {
                    world.network().reconnect(replica.peer(), other);
                }
            }
        }
    }

    /** Mends links, and tells their ends: they may have noticed. */
    private void mend(Fault fault, BiConsumer<Peer, Peer> mend) {
        outwards(fault, (one, other) -> {
            mend.accept(one, other);
            world.network().reconnect(one, other);
        });
    }

    private void bothWays(Fault fault, BiConsumer<Peer, Peer> link) {
        outwards(fault, (one, other) -> {
            link.accept(one, other);
            link.accept(other, one);
        });
    }

    /** Each link from the group to the rest. */
    private void outwards(Fault fault, BiConsumer<Peer, Peer> link) {
        for (Peer member : fault.group()) {
            for (Peer other : everybody) {
                if (!fault.group().contains(other)) {
                    link.accept(member, other);
                }
            }
        }
    }

    private void replicas(Fault fault, Consumer<SimReplica> action) {
        for (Peer member : fault.group()) {
            replicaOf.apply(member).ifPresent(action);
        }
    }
}
