package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.wire.Verified;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a replica tells the others where it is, and what it repeats whatever the protocol. Queues to slow peers are
 * bounded and drop when full, so the protocol itself repairs loss: a replica that lacks something and makes no progress
 * broadcasts its status, and its peers send what comes next; a replica that lacks nothing does it now and then.
 *
 * <p>While nothing changes the repetitions become rarer, down to the pace of a replica that lacks nothing: what was asked
 * for may be on its way, and asking for it more often makes the way longer.
 *
 * <p>Budget: to each peer in a status interval the votes for checkpoints that are not stable and the proof of the one
 * that is, once each.
 */
public final class Retransmission {
    private static final int FORWARDED_REQUESTS = 64;
    private static final TimerId TIMER = new TimerId(TimerId.Kind.STATUS, View.ZERO);

    /** What a protocol knows of its own progress. */
    public interface Progress {
        /** The protocol's status message, for everybody. */
        Verified<? extends ReplicaMessage> status();

        /** How far the protocol is, in whatever it counts: another value if something came that was lacking. */
        long position();

        /** Whether anything is under way beyond {@code executed}. */
        boolean reachesBeyond(SequenceNumber executed);
    }

    /** What changes when a replica that lacks something gets some of it. */
    private record Situation(
            View view,
            boolean active,
            SequenceNumber executed,
            SequenceNumber stable,
            SequenceNumber highestSeenElsewhere,
            long position) {}

    private final ReplicaParts parts;
    private final Progress progress;
    private final Duration interval;
    private final long idleTicks;

    /** Who got the votes, and who the proof, in this interval. */
    private final Set<ReplicaId> gotVotes = new TreeSet<>();

    private final Set<ReplicaId> gotProof = new TreeSet<>();

    private SequenceNumber highestSeenElsewhere = SequenceNumber.ZERO;
    private final BackOff backOff;
    private Situation before;
    private long ticksSinceStatus;
    private boolean announced;

    public Retransmission(ReplicaParts parts, Progress progress) {
        this.parts = parts;
        this.progress = progress;
        this.interval = parts.limits.period(Limit.STATUS_INTERVAL);
        this.idleTicks = idleTicks(parts);
        this.backOff = new BackOff(idleTicks);
    }

    /** How many status intervals make an idle one: nothing is repeated more rarely than that. */
    public static long idleTicks(ReplicaParts parts) {
        return Math.max(1, parts.limits.get(Limit.IDLE_STATUS_INTERVAL) / parts.limits.get(Limit.STATUS_INTERVAL));
    }

    public void start() {
        parts.effects.add(new Effect.StartTimer(TIMER, interval));
    }

    /** A new channel: whatever was under way to and from this peer may be lost. */
    public void onConnected(ReplicaId peer) {
        send(peer, progress.status());
    }

    /**
     * A status interval has passed.
     *
     * @param moves whether something was executed since the last time
     */
    public void onTick(boolean moves) {
        gotVotes.clear();
        gotProof.clear();
        announced = false;
        ticksSinceStatus++;
        Situation now = situation();
        boolean changed = !now.equals(before);
        before = now;
        boolean catchesUp = !parts.hasScheduledStable();
        boolean stuck = lacksSomething() && !moves && !parts.isHeldUp(moves);
        if (stuck) {
            forwardWaiting();
            parts.checkpoints.repeat();
        }
        // Who catches up asks for what comes next as soon as it has what it asked for.
        if (stuck ? backOff.isDue(changed) : ticksSinceStatus >= (catchesUp ? 1 : idleTicks)) {
            broadcast();
        }
        parts.effects.add(new Effect.StartTimer(TIMER, interval));
    }

    /** Tells everybody now, but only once in an interval. */
    public void announce() {
        if (!announced) {
            announced = true;
            broadcast();
        }
    }

    private void broadcast() {
        parts.effects.add(new Effect.Broadcast(progress.status()));
        ticksSinceStatus = 0;
    }

    private Situation situation() {
        return new Situation(
                parts.view(),
                parts.synchronizer.isActive(),
                parts.execution.executed(),
                parts.window.low(),
                highestSeenElsewhere,
                progress.position());
    }

    private boolean lacksSomething() {
        SequenceNumber executed = parts.execution.executed();
        return !parts.synchronizer.isActive()
                || progress.reachesBeyond(executed)
                || highestSeenElsewhere.isAfter(executed)
                || parts.window.low().isAfter(executed)
                || !parts.pool.isEmpty();
    }

    /** What was passed on to the primary may have been lost. */
    private void forwardWaiting() {
        if (!parts.isPrimary()) {
            for (Verified<Request> request : parts.pool.toPassOn(FORWARDED_REQUESTS, idleTicks)) {
                send(parts.primary(), request);
            }
        }
    }

    /** A peer's status says that it has executed up to {@code executed}. */
    public void onPeerExecuted(SequenceNumber executed) {
        // No peer can be believed to be further than the window reaches: a lie costs a STATUS now and then.
        if (!executed.isAfter(parts.window.high()) && executed.isAfter(highestSeenElsewhere)) {
            highestSeenElsewhere = executed;
        }
    }

    /** Helps a peer, whose stable checkpoint is at {@code stable}, to this replica's, and to the ones after that. */
    public void sendCheckpoints(ReplicaId peer, SequenceNumber stable) {
        if (parts.window.low().isAfter(stable)) {
            prove(peer);
        }
        if (!gotVotes.add(peer)) {
            return;
        }
        // Any of these may have been lost; and where f replicas are faulty, every one of the others' is needed.
        for (Verified<Checkpoint> vote : parts.checkpoints.ownVotes(stable)) {
            send(peer, vote);
        }
    }

    /** Shows a peer the stable checkpoint, once in an interval. */
    public void prove(ReplicaId peer) {
        if (gotProof.add(peer)) {
            for (StableCertificate proof : parts.checkpoints.proofs()) {
                send(peer, parts.sealer.seal(new Stable(parts.self, proof)));
            }
        }
    }

    private void send(ReplicaId peer, Verified<? extends Message> message) {
        parts.effects.add(new Effect.Send(peer, message));
    }
}
