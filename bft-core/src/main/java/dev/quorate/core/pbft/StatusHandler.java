package dev.quorate.core.pbft;

import dev.quorate.core.Limits;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Status;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Retransmission;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a replica sends to those who say in a STATUS that they are behind; {@link Retransmission} has the rest.
 *
 * <p>Budget: to each peer one answer in each status interval, of at most {@value #OPEN_POSITIONS} positions that are
 * not committed and about one frame's worth of batches, whatever it asks.
 */
final class StatusHandler implements Retransmission.Progress {
    private static final int OPEN_POSITIONS = 64;

    private final PbftState state;
    private final ViewChangeHandler viewChanges;
    private final Retransmission retransmission;
    private final int answerBytes;

    private final Set<ReplicaId> answered = new TreeSet<>();

    StatusHandler(PbftState state, ViewChangeHandler viewChanges, Limits limits) {
        this.state = state;
        this.viewChanges = viewChanges;
        this.retransmission = new Retransmission(state.parts, this);
        this.answerBytes = limits.maxBatchMessageBytes();
    }

    Retransmission retransmission() {
        return retransmission;
    }

    /** A status interval has passed. */
    void onTick() {
        answered.clear();
    }

    @Override
    public Verified<Status> status() {
        return state.sealer.seal(new Status(
                state.self,
                state.view(),
                !state.synchronizer.isActive(),
                state.window.low(),
                state.execution.executed()));
    }

    @Override
    public long position() {
        return state.ordered().value();
    }

    @Override
    public boolean reachesBeyond(SequenceNumber executed) {
        return state.log.reachesBeyond(executed);
    }

    void onStatus(Verified<Status> received) {
        Status status = received.message();
        ReplicaId peer = status.replica();
        state.synchronizer.onPeerView(peer, status.view());
        if (!answered.add(peer)) {
            state.effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
            return;
        }
        retransmission.onPeerExecuted(status.executed());
        retransmission.sendCheckpoints(peer, status.stable());
        viewChanges.helpFor(peer, status.view(), status.waiting()).ifPresent(help -> send(peer, help));
        state.parts.backlog.help(peer, status.executed());
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
