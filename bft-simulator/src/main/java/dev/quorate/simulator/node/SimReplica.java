package dev.quorate.simulator.node;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A replica of a run, which can be started, crashed, paused and started again. Not thread-safe. */
public final class SimReplica implements SimNetwork.Node {
    /** What a right clock shows when a run begins, in milliseconds since 1970. */
    public static final long WALL_CLOCK_AT_START = 1_800_000_000_000L;
    /** So that correct replicas accept each other's times, the delays of the network included. */
    private static final int MAX_WALL_CLOCK_OFFSET_MILLIS = 3_000;
    /** What waits for a paused replica at most: its peers' queues are bounded, and drop what is too much. */
    private static final int MAX_BACKLOG = 20_000;

    private final World world;
    private final ReplicaId id;
    private final Peer peer;
    private final List<Peer> others = new ArrayList<>();
    private final Function<ReplicaCore, Outbox> outboxes;
    private final boolean watched;
    private final SimDisk disk;
    private final Randomness random;
    private final long wallClockOffsetMillis;
    private final Deque<Runnable> backlog = new ArrayDeque<>();

    private ReplicaLife life;
    private boolean started;
    private boolean paused;
    private boolean amnesic;

    private double clockRate = 1;

    /**
     * A replica that is not started yet.
     *
     * @param copy tells two replicas with one identity apart
     * @param outboxes where the messages of each of its lives go
     * @param watched whether the checkers see what it does: a correct replica
     */
    public SimReplica(World world, ReplicaId id, int copy, Function<ReplicaCore, Outbox> outboxes, boolean watched) {
        this.world = world;
        this.id = id;
        this.peer = new Peer.OfReplica(id);
        this.outboxes = outboxes;
        this.watched = watched;
        long number = id.value() + (long) copy * world.members().config().n();
        this.random = world.seed().stream("replica", number);
        this.wallClockOffsetMillis = world.seed().stream("wall clock", number)
                .between(-MAX_WALL_CLOCK_OFFSET_MILLIS, MAX_WALL_CLOCK_OFFSET_MILLIS);
        this.disk = new SimDisk(
                world.scheduler(),
                world.seed().stream("disk", number),
                world.seed().stream("disk: damage", number),
                world.timing().maxSyncNanos());
        for (int i = 0; i < world.members().config().n(); i++) {
            if (i != id.value()) {
                others.add(new Peer.OfReplica(new ReplicaId(i)));
            }
        }
    }

    public ReplicaId id() {
        return id;
    }

    public Peer peer() {
        return peer;
    }

    public SimDisk disk() {
        return disk;
    }

    List<Peer> others() {
        return others;
    }

    /** Whether the checkers see what it does. */
    public boolean isWatched() {
        return watched;
    }

    public boolean isUp() {
        return life != null;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Whether it has forgotten what it said: it counts among the faulty, though it does nothing wrong on purpose. */
    public boolean isAmnesic() {
        return amnesic;
    }

    /** Where it stands; empty while it is down. */
    public Optional<ProtocolStatus> status() {
        return life == null ? Optional.empty() : Optional.of(life.status());
    }

    /** What its machine's clock shows, in milliseconds since 1970. */
    long wallClockMillis() {
        return WALL_CLOCK_AT_START + world.now() / 1_000_000 + wallClockOffsetMillis;
    }

    double clockRate() {
        return clockRate;
    }

    /** How long its timers take, measured by a right clock: 1 for one that is right, 2 for one that is slow. */
    public void setClockRate(double rate) {
        clockRate = rate;
    }

    // --- what happens to it

    /** Starts it for the first time; does nothing if it was started before. */
    public void start() {
        if (!started) {
            started = true;
            begin();
        }
    }

    private void begin() {
        ReplicaCore core = world.cores()
                .replica(
                        world.members().config(),
                        world.members().replicas().get(id.value()),
                        world.newService(),
                        world.usigs().of(id),
                        disk.records());
        life = new ReplicaLife(world, this, core, outboxes.apply(core), disk, random);
        life.handle(new Event.Started(secret()));
    }

    /** What nobody else knows of this life of it. */
    private Bytes secret() {
        Randomness stream = world.seed().stream("replica secret", id.value());
        ByteBuffer secret = ByteBuffer.allocate(2 * Long.BYTES);
        return Bytes.wrap(secret.putLong(stream.nextLong()).putLong(world.now()).array());
    }

    /** Stops it at once, as a power failure does. */
    public void crash() {
        if (life != null) {
            world.note("replica crashes", id, "crashes");
            life.end();
            life = null;
            paused = false;
            backlog.clear();
            if (disk.crash()) {
                world.coverage().count("disk: a write is torn");
            }
        }
    }

    /** Starts it again; the core cannot recover yet, so it comes back without a memory of what it said. */
    public void restart(boolean withDisk) {
        if (!started) {
            start();
            return;
        }
        if (!withDisk) {
            disk.wipe();
        }
        amnesic = true;

        if (watched) {
            world.show(new Observation.Restarted(world.now(), id, withDisk));
        }
        begin();
    }

    /** Stops it for a while, as SIGSTOP does: what arrives meanwhile waits. */
    public void pause() {
        if (life != null && !paused) {
            world.note("replica pauses", id, "pauses");
            paused = true;
        }
    }

    public void resume() {
        if (paused) {
            world.note("replica resumes", id, "resumes");
        }
        paused = false;
        while (!paused && !backlog.isEmpty()) {
            backlog.remove().run();
        }
    }

    /** Now, or when it resumes. */
    void whenRunning(Runnable step) {
        if (paused) {
            backlog.add(step);
        } else {
            step.run();
        }
    }

    /** It found its own state broken. */
    void halt(String reason) {
        if (watched) {
            world.show(new Observation.ReplicaHalted(world.now(), id, reason));
        }
        stop(reason);
    }

    /** It cannot go on. */
    void stop(String reason) {
        world.note("replica stops", id, "stops: " + reason);
        crash();
    }

    void noticed(Notice notice) {
        world.coverage().countNotice(notice);
        if (watched && notice instanceof Notice.Diverged diverged) {
            world.violated(new Violation(
                    "diverged",
                    id + " is correct, and says that its state at " + diverged.sequenceNumber() + " is "
                            + diverged.own() + ", while a quorum vouches for " + diverged.stable()
                            + ". Either the service is not deterministic, or a certificate was formed that must not"
                            + " exist."));
        }
    }

    // --- the network

    @Override
    public void receive(Packet packet, long sentAtNanos) {
        if (life == null) {
            world.network().lose(packet, peer, "the receiver is down");
        } else if (paused && backlog.size() >= MAX_BACKLOG) {
            world.network().lose(packet, peer, "the receiver is paused");
        } else {
            ReplicaLife current = life;
            whenRunning(() -> {
                if (life == current) {
                    current.receive(packet, sentAtNanos);
                }
            });
        }
    }

    @Override
    public void reconnected(Peer other) {
        if (other instanceof Peer.OfReplica replica) {
            handleLater(new Event.PeerConnected(replica.id()));
        }
    }

    @Override
    public void disconnected(Peer other) {
        if (other instanceof Peer.OfReplica replica) {
            handleLater(new Event.PeerDisconnected(replica.id()));
        }
    }

    private void handleLater(Event event) {
        if (life != null) {
            ReplicaLife current = life;
            whenRunning(() -> {
                if (life == current) {
                    current.handle(event);
                }
            });
        }
    }
}
