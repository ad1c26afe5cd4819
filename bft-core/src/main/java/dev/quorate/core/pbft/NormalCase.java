package dev.quorate.core.pbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Optional;

/**
 * The three phases that order a batch (Castro and Liskov 1999, section 4.2, "normal-case operation"). A replica handles
 * what it says itself like what the others say, in the same step: one path counts votes.
 */
final class NormalCase {
    private final PbftState state;

    NormalCase(PbftState state) {
        this.state = state;
    }

    /** Phase 1 at the primary: proposes {@code batch} at {@code at}. */
    void propose(SequenceNumber at, Batch batch) {
        Verified<PrePrepare> proposal =
                state.sealer.seal(new PrePrepare(state.self, state.view, at, batch.digest(), Optional.of(batch)));
        state.effects.add(new Effect.Persist(at, proposal.frame()));
        state.effects.add(new Effect.Broadcast(proposal));
        onPrePrepare(proposal);
    }

    /** Phase 1 at everybody: accepts at most one proposal for each view and sequence number. */
    void onPrePrepare(Verified<PrePrepare> received) {
        PrePrepare prePrepare = received.message();
        if (!fits(received, prePrepare.view(), prePrepare.sequenceNumber())) {
            return;
        }
        Slot slot = state.log.slot(prePrepare.sequenceNumber());
        if (slot.prePrepare != null) {
            refuseSecond(
                    received,
                    slot.prePrepare,
                    prePrepare.digest().equals(slot.prePrepare.message().digest()));
            return;
        }
        slot.prePrepare = received;
        if (!state.isPrimary() && state.mayVote()) {
            state.effects.add(new Effect.Persist(slot.sequenceNumber, received.frame()));
            slot.ownPrepare =
                    state.sealer.seal(new Prepare(state.self, state.view, slot.sequenceNumber, prePrepare.digest()));
            state.effects.add(new Effect.Broadcast(slot.ownPrepare));
            onPrepare(slot.ownPrepare);
        }
        progress(slot);
    }

    /** Phase 2: collects what the backups say. */
    void onPrepare(Verified<Prepare> received) {
        Prepare prepare = received.message();
        if (fits(received, prepare.view(), prepare.sequenceNumber())) {
            Slot slot = state.log.slot(prepare.sequenceNumber());
            count(slot, slot.prepares, prepare.replica(), prepare.digest(), received);
        }
    }

    /** Phase 3: collects who has prepared. */
    void onCommit(Verified<Commit> received) {
        Commit commit = received.message();
        if (fits(received, commit.view(), commit.sequenceNumber())) {
            Slot slot = state.log.slot(commit.sequenceNumber());
            count(slot, slot.commits, commit.replica(), commit.digest(), received);
        }
    }

    private boolean fits(Verified<?> received, View view, SequenceNumber at) {
        if (!view.equals(state.view)) {
            state.effects.reject(RejectionReason.WRONG_VIEW, received);
            return false;
        }
        if (!state.log.accepts(at)) {
            state.effects.reject(RejectionReason.OUT_OF_WINDOW, received);
            return false;
        }
        return true;
    }

    private <T extends ReplicaMessage> void count(
            Slot slot, VoteCollector<Digest, Verified<T>> votes, ReplicaId voter, Digest digest, Verified<T> vote) {
        Verified<T> first = votes.voteOf(voter);
        if (first == null && slot.contradicts(digest)) {
            // Not recorded, so that a right vote of this replica may still count (it is this one that is wrong).
            state.effects.reject(RejectionReason.WRONG_DIGEST, vote);
            return;
        }
        VoteCollector.Outcome outcome = votes.add(voter, digest, vote);
        if (outcome != VoteCollector.Outcome.COUNTED) {
            refuseSecond(vote, first, outcome == VoteCollector.Outcome.DUPLICATE);
            return;
        }
        progress(slot);
    }

    /** A second message where each replica has one: the first stands, and two that differ prove a fault. */
    private <T extends ReplicaMessage> void refuseSecond(Verified<T> second, Verified<T> first, boolean same) {
        if (same) {
            state.effects.reject(RejectionReason.DUPLICATE, second);
        } else {
            state.effects.reject(RejectionReason.CONFLICTING, second);
            state.effects.report(new Notice.Equivocation(second.message().replica(), first, second));
        }
    }

    /** The predicates <em>prepared</em> and <em>committed</em> of section 4.2, as soon as they become true. */
    private void progress(Slot slot) {
        if (slot.prePrepare == null) {
            return;
        }
        Digest digest = slot.prePrepare.message().digest();
        int quorum = state.quorums.certificate();
        if (!slot.prepared && slot.prepares.count(digest) >= quorum - 1) {
            slot.prepared = true;
            if (state.mayVote()) {
                commit(slot, digest);
            }
        }
        if (!slot.committed && slot.commits.count(digest) >= quorum) {
            slot.committed = true;
            state.effects.report(new Notice.Committed(state.view, slot.sequenceNumber, digest));
        }
    }

    private void commit(Slot slot, Digest digest) {
        // The certificate goes to disk before the COMMIT leaves: a view change after a restart has to show it.
        for (Verified<Prepare> prepare : slot.prepares.votes(digest)) {
            state.effects.add(new Effect.Persist(slot.sequenceNumber, prepare.frame()));
        }
        slot.ownCommit = state.sealer.seal(new Commit(state.self, state.view, slot.sequenceNumber, digest));
        state.effects.add(new Effect.Broadcast(slot.ownCommit));
        onCommit(slot.ownCommit);
    }
}
