package dev.quorate.simulator.node;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreProvider;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.crypto.KnownEpochs;
import dev.quorate.simulator.disk.PowerFailure;
import dev.quorate.simulator.disk.SimulatedDisk;
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
    /** Small, so that a run needs several. */
    private static final int SEGMENT_BYTES = 64 << 10;

    private static final int MAX_DAMAGED_BYTES = 8;
    /** What waits for a paused replica at most: its peers' queues are bounded, and drop what is too much. */
    private static final int MAX_BACKLOG = 20_000;

    private final World world;
    private final ReplicaId id;
    private final Peer peer;
    private final List<Peer> others = new ArrayList<>();
    private final Function<ReplicaCore, Outbox> outboxes;
    private final boolean watched;
    private final SimulatedDisk disk;
    private final StoreProvider store;
    private final Randomness random;
    private final Randomness damage;
    private final long wallClockOffsetMillis;
    private final Deque<Runnable> backlog = new ArrayDeque<>();

    private ReplicaLife life;
    private boolean started;
    /** Whether it had a life before: then an empty disk is one that was lost. */
    private boolean lived;
    /** Whether its disk was lost, or damaged beyond what a crash does; or the counter of its USIG was lost. */
    private boolean mayForget;
    /** How it will end when that is decided already. */
    private Optional<Ending> nextEnding = Optional.empty();

    private boolean paused;

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
        this.damage = world.seed().stream("disk: damage", number);
        this.disk = new SimulatedDisk(world.seed().stream("disk", number).nextLong());
        disk.faults().setMaxSyncNanos(world.timing().maxSyncNanos());
        this.store = world.cores().store(FileStore.on(disk, new FileStoreSettings(Durability.SYNC, SEGMENT_BYTES)));
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

    /** What it stores things on. */
    public SimulatedDisk disk() {
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

    /** Begins a life, as often as it takes: the disk may end it before it has begun. */
    private void begin() {
        while (true) {
            try {
                ReplicaMemory memory = ReplicaMemory.open(store, world.members().config(), id);
                mayForget |= OwnTail.isCounterLost(memory, !lived, world, id);
                KnownEpochs known = new KnownEpochs(memory.acceptedUsigs());
                memory.begin(!lived);
                begin(memory, known);
                return; // Even if it has stopped at once: it would do so again.
            } catch (PowerFailure e) {
                world.note("replica crashes while it starts", id, "crashes while it starts: " + e.getMessage());
                endDisk(ending());
            } catch (StoreException e) {
                world.note("replica cannot start", id, "cannot start: " + e.getMessage());
                disk.kill();
                return;
            }
        }
    }

    private void begin(ReplicaMemory memory, KnownEpochs known) throws StoreException {
        Condition condition = memory.condition();
        world.coverage().count("store: " + condition);
        memory.findings().forEach(finding -> world.coverage().count("store: " + finding.category()));
        ReplicaCore core = world.cores()
                .replica(
                        world.members().config(),
                        world.members().replicas().get(id.value()),
                        world.newService(),
                        world.usigs().of(id, known));
        Event.Recovered recovered = OwnTail.recover(memory, !lived, core.validator(), world, id);
        if (lived || recovered.amnesic()) {
            remember(!recovered.amnesic());
        }
        lived = true;
        disk.faults().takeBusyNanos();
        life = new ReplicaLife(world, this, core, outboxes.apply(core), memory, known, random);
        life.start(recovered, secret());
    }

    private void remember(boolean intact) {
        if (watched) {
            world.show(new Observation.Restarted(world.now(), id, intact));
            if (!intact && !mayForget) {
                world.violated(new Violation(
                        "memory",
                        id + " finds that its store has lost something, though nothing was done to its disk"));
            }
        }
    }

    /** What nobody else knows of this life of it. */
    private Bytes secret() {
        Randomness stream = world.seed().stream("replica secret", id.value());
        ByteBuffer secret = ByteBuffer.allocate(2 * Long.BYTES);
        return Bytes.wrap(secret.putLong(stream.nextLong()).putLong(world.now()).array());
    }

    /** Stops it at once, by one of the ways in which that may happen. */
    public void crash() {
        crash(ending());
    }

    /** Stops it at once. */
    public void crash(Ending ending) {
        if (life != null) {
            world.note("replica crashes", id, "crashes: " + ending);
            end(ending);
        }
    }

    /** Lets it end in the middle of something that it does to its disk, after {@code count} others. */
    public void endAtDiskOperation(long count, Ending ending) {
        disk.crashAfter(count);
        nextEnding = Optional.of(ending);
    }

    /** Somebody damaged its disk: it may have forgotten something from now on. */
    public void damaged() {
        mayForget = true;
    }

    /** Damages what it has stored, while it is down; false if there is nothing. From now on it may have forgotten. */
    public boolean corrupt() {
        mayForget = true;
        List<String> files = disk.names().stream()
                .filter(name -> disk.read(name).length > 0 && !name.equals("spare"))
                .toList();
        if (files.isEmpty()) {
            return false;
        }
        String file = damage.pick(files);
        int length = disk.read(file).length;
        int first = damage.below(length);
        for (int at = first; at < Math.min(length, first + damage.between(1, MAX_DAMAGED_BYTES)); at++) {
            disk.flip(file, at, damage.between(1, 255));
        }
        world.coverage().count("disk: damaged bytes in " + file.replaceAll("-.*", ""));
        return true;
    }

    /** Lets its next write go to a wrong place. From now on it may have forgotten. */
    public void misdirectNextWrite() {
        mayForget = true;
        disk.faults().misdirectNextWrite();
    }

    /** It has ended in the middle of what it did to its disk. */
    void crash(String during) {
        world.note("replica crashes at its disk", id, "crashes during " + during);
        end(ending());
    }

    private void end(Ending ending) {
        life.end();
        life = null;
        paused = false;
        backlog.clear();
        endDisk(ending);
    }

    private Ending ending() {
        Ending ending = nextEnding.orElseGet(() -> damage.pick(List.of(Ending.values())));
        nextEnding = Optional.empty();
        // That the newest write went to a wrong place, and the mark is lost besides, no store notices: see its
        // documentation.
        return disk.faults().takeMisdirected() ? Ending.KILLED : ending;
    }

    private void endDisk(Ending ending) {
        switch (ending) {
            case KILLED -> disk.kill();
            case POWER_LOST -> disk.losePower(false);
            case TORN -> disk.losePower(true);
        }
    }

    /** Starts it again, unless it is up. */
    public void restart(boolean withDisk) {
        if (life != null) {
            return;
        }
        if (!withDisk) {
            disk.wipe();
            mayForget = true;
        }
        started = true;
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

    /** Its service comes to the end of nothing any more, for as long as it lives; its protocol goes on. */
    public void hangService() {
        if (life != null) {
            world.note("service hangs", id, "has a service that hangs");
            life.service().hang();
        }
    }

    /** Its service goes on. */
    public void resumeService() {
        if (life != null) {
            world.note("service goes on", id, "has a service that goes on");
            life.service().goOn();
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

    /** It had forgotten what it said, and takes part again. */
    void rejoined() {
        if (watched) {
            world.show(new Observation.Rejoined(world.now(), id));
        }
    }

    /** It cannot go on. */
    void stop(String reason) {
        world.note("replica stops", id, "stops: " + reason);
        end(Ending.KILLED);
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
