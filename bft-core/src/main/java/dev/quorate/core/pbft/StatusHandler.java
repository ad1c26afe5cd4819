package dev.quorate.core.pbft;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.Status;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Retransmission. Queues to slow peers are bounded and drop when full, so the protocol itself repairs loss: a replica
 * that lacks something and makes no progress says where it is, and its peers send what comes next.
 *
 * <p>Budget: to each peer one answer in each status interval, of at most {@value #OPEN_POSITIONS} positions that are
 * not committed and about one frame's worth of batches, whatever it asks.
 */
final class StatusHandler {
    private static final int OPEN_POSITIONS = 64;
    private static final int FORWARDED_REQUESTS = 64;
    private static final TimerId TIMER = new TimerId(TimerId.Kind.STATUS, View.ZERO);

    private final PbftState state;
    private final ViewChangeHandler viewChanges;
    private final Duration interval;
    private final long idleTicks;
    private final int answerBytes;

    private final Set<ReplicaId> answered = new TreeSet<>();
    private SequenceNumber highestSeenElsewhere = SequenceNumber.ZERO;
    private long ticksSinceStatus;
    private boolean announced;

    StatusHandler(PbftState state, ViewChangeHandler viewChanges, Limits limits) {
        this.state = state;
        this.viewChanges = viewChanges;
        this.interval = limits.period(Limit.STATUS_INTERVAL);
        this.idleTicks = Math.max(1, limits.get(Limit.IDLE_STATUS_INTERVAL) / limits.get(Limit.STATUS_INTERVAL));
        this.answerBytes = limits.maxBatchMessageBytes();
    }

    void start() {
        state.effects.add(new Effect.StartTimer(TIMER, interval));
    }

    /** A new channel: whatever was under way to and from this peer may be lost. */
    void onConnected(ReplicaId peer) {
        state.effects.add(new Effect.Send(peer, status()));
    }

    /** @param moves whether something was executed since the last time */
    void onTick(boolean moves) {
        answered.clear();
        announced = false;
        ticksSinceStatus++;
        boolean stuck = lacksSomething() && !moves;
        if (stuck) {
            forwardWaiting();
        }
        if (stuck || ticksSinceStatus >= idleTicks) {
            broadcast();
        }
        state.effects.add(new Effect.StartTimer(TIMER, interval));
    }

    /** Tells everybody now, but only once in an interval. */
    void announce() {
        if (!announced) {
            announced = true;
            broadcast();
        }
    }

    private void broadcast() {
        state.effects.add(new Effect.Broadcast(status()));
        ticksSinceStatus = 0;
    }

    private boolean lacksSomething() {
        SequenceNumber executed = state.execution.executed();
        return !state.synchronizer.isActive()
                || state.log.reachesBeyond(executed)
                || highestSeenElsewhere.isAfter(executed)
                || state.window.low().isAfter(executed)
                || !state.pool.isEmpty();
    }

    /** What was passed on to the primary may have been lost. */
    private void forwardWaiting() {
        if (!state.isPrimary()) {
            for (Verified<Request> request : state.pool.oldest(FORWARDED_REQUESTS)) {
                state.effects.add(new Effect.Send(state.primary(), request));
            }
        }
    }

    private Verified<Status> status() {
        return state.sealer.seal(new Status(
                state.self,
                state.view(),
                !state.synchronizer.isActive(),
                state.window.low(),
                state.execution.executed()));
    }

    void onStatus(Verified<Status> received) {
        Status status = received.message();
        ReplicaId peer = status.replica();
        state.synchronizer.onPeerView(peer, status.view());
        if (!answered.add(peer)) {
            state.effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
            return;
        }
        // No peer can be believed to be further than the window reaches: a lie costs a STATUS now and then.
        if (!status.executed().isAfter(state.window.high()) && status.executed().isAfter(highestSeenElsewhere)) {
            highestSeenElsewhere = status.executed();
        }
        if (state.window.low().isAfter(status.stable())) {
            send(peer, state.sealer.seal(new Stable(state.self, state.checkpoints.certificate())));
        }
        // Any of these may have been lost; and where f replicas are faulty, every one of the others' is needed.
        for (Verified<Checkpoint> vote : state.checkpoints.ownVotes()) {
            if (vote.message().sequenceNumber().isAfter(status.stable())) {
                send(peer, vote);
            }
        }
        viewChanges.helpFor(peer, status.view(), status.waiting()).ifPresent(help -> send(peer, help));
        sendCommitted(peer, status.executed());
        resendOpen(peer, status);
    }

    /** What is committed beyond {@code executed}, up to the first position that is not. */
    private void sendCommitted(ReplicaId peer, SequenceNumber executed) {
        List<Digest> digests = new ArrayList<>();
        SequenceNumber from = null;
        for (Slot slot : state.log.after(executed)) {
            if (slot.decided == null) {
                break;
            }
            from = from == null ? slot.sequenceNumber : from;
            if (!slot.sequenceNumber.equals(from.plus(digests.size()))) {
                break;
            }
            digests.add(slot.decided);
        }
        if (from != null) {
            send(peer, state.sealer.seal(new Committed(state.self, from, digests)));
        }
    }

    /** Proposals and own votes of positions that are under way in the view that both are in. */
    private void resendOpen(ReplicaId peer, Status status) {
        if (!status.view().equals(state.view()) || !state.synchronizer.isActive()) {
            return;
        }
        int positions = 0;
        long bytes = 0;
        for (Slot slot : state.log.after(status.executed())) {
            if (positions++ == OPEN_POSITIONS || bytes > answerBytes) {
                return;
            }
            if (slot.proposalFrame != null && sendsBatchesTo(peer)) {
                send(peer, slot.proposalFrame);
                bytes += slot.proposalFrame.frame().length();
            }
            send(peer, slot.ownPrepare);
            send(peer, slot.ownCommit);
        }
    }

    /** The primary, and {@code f+1} others, of which one is correct: it matters if the primary left this peer out. */
    private boolean sendsBatchesTo(ReplicaId peer) {
        int distance = Math.floorMod(state.self.value() - peer.value(), state.quorums.n());
        return state.isPrimary() || distance <= state.quorums.weak();
    }

    private void send(ReplicaId peer, Verified<? extends Message> message) {
        if (message != null) {
            state.effects.add(new Effect.Send(peer, message));
        }
    }
}
