package dev.quorate.core.pbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.FutureMessages;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Optional;

/**
 * The three phases that order a batch (Castro and Liskov 1999, section 4.2, "normal-case operation"). A replica handles
 * what it says itself like what the others say, in the same step: one path counts votes.
 */
final class NormalCase {
    private final PbftState state;
    private final FutureMessages future;
    private final ValuesCheck values;

    NormalCase(PbftState state, FutureMessages future, ValuesCheck values) {
        this.state = state;
        this.future = future;
        this.values = values;
    }

    /** Phase 1 at the primary: proposes {@code batch} at {@code at}. */
    void propose(SequenceNumber at, Batch batch) {
        Verified<PrePrepare> proposal =
                state.sealer.seal(new PrePrepare(state.self, state.view(), at, batch.digest(), Optional.of(batch)));
        state.effects.add(new Effect.Persist(at, proposal.frame()));
        state.log.slot(at).stored = true;
        state.log.slot(at).voteFor(batch.digest());
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
        if (slot.proposal != null) {
            onSecondProposal(slot, received);
            return;
        }
        slot.proposal = received.signed();
        slot.proposalFrame = received;
        prePrepare.batch().ifPresent(slot::offer);
        accept(slot);
    }

    /** The NEW-VIEW of the current view proposes at this position. */
    void onNewViewProposal(Signed<PrePrepare> proposal) {
        recall(proposal);
        accept(state.log.slot(proposal.message().sequenceNumber()));
    }

    /** After a restart: the NEW-VIEW proposed this, whether this replica has voted for it or not. */
    void recall(Signed<PrePrepare> proposal) {
        state.log.slot(proposal.message().sequenceNumber()).proposal = proposal;
    }

    /** A batch has come that was known by its digest only. */
    void onBatch(Slot slot, Batch batch) {
        if (slot.offer(batch)) {
            accept(slot);
        }
    }

    /** Votes for the proposal once its batch is held. */
    private void accept(Slot slot) {
        if (slot.proposal == null || !state.synchronizer.isActive()) {
            return;
        }
        Optional<Batch> batch = slot.batch(slot.proposal.message().digest());
        if (batch.isPresent() && slot.ownPrepare == null && !state.isPrimary() && mayVote(slot)) {
            boolean proposedAgain = slot.proposalFrame == null;
            boolean known = batch.get().digest().equals(slot.decided);
            switch (known
                    ? ValuesCheck.Verdict.ACCEPTED
                    : values.of(slot.sequenceNumber, batch.get(), proposedAgain, slot.judgement)) {
                case ACCEPTED -> vote(slot);
                case REFUSED -> refuse(slot);
                case PENDING -> {}
            }
        }
        progress(slot);
    }

    /** What is stable needs no more votes; and after a restart, what this replica voted for there is not known any more. */
    private boolean mayVote(Slot slot) {
        return state.mayVote() && state.window.contains(slot.sequenceNumber);
    }

    private void vote(Slot slot) {
        store(slot);
        Digest digest = slot.proposal.message().digest();
        slot.ownPrepare = state.sealer.seal(new Prepare(state.self, state.view(), slot.sequenceNumber, digest));
        state.effects.add(new Effect.Broadcast(slot.ownPrepare));
        onPrepare(slot.ownPrepare);
    }

    /** Whoever votes for a batch has its proposal and the batch itself on disk before. */
    private void store(Slot slot) {
        if (slot.stored) {
            return;
        }
        slot.stored = true;
        slot.voteFor(slot.proposal.message().digest());
        if (slot.proposalFrame != null) {
            persist(slot, slot.proposalFrame);
        } else {
            Batch batch = slot.batch(slot.proposal.message().digest()).orElseThrow();
            persist(slot, state.sealer.quote(slot.proposal, batch));
        }
    }

    private void persist(Slot slot, Verified<? extends Message> record) {
        state.effects.add(new Effect.Persist(slot.sequenceNumber, record.frame()));
    }

    /** Does not vote; but if enough others do, the batch is committed here, too. */
    private void refuse(Slot slot) {
        state.effects.reject(RejectionReason.UNACCEPTABLE_VALUES, slot.proposalFrame);
        state.synchronizer.suspect("it proposed a time or a prediction that is not acceptable");
    }

    /** The service has judged a prediction. */
    void onJudged(Event.Judged event) {
        state.log
                .find(event.sequenceNumber())
                .filter(slot -> slot.proposal != null
                        && slot.proposal.message().digest().equals(event.batch())
                        && slot.judgement.answer(event.accepted()))
                .ifPresent(this::accept);
    }

    /** A status interval has passed: the time of what was proposed again may have come. */
    void onTick() {
        for (Slot slot : state.log.all()) {
            if (slot.proposal != null && slot.proposalFrame == null && slot.ownPrepare == null) {
                accept(slot);
            }
        }
    }

    /** This replica votes from now on: also for what it has seen before. */
    void onVoting() {
        for (Slot slot : state.log.all()) {
            if (slot.ownCommit == null) {
                slot.prepared = false;
                accept(slot);
            }
        }
    }

    private void onSecondProposal(Slot slot, Verified<PrePrepare> second) {
        if (slot.contradicts(second.message().digest())) {
            state.effects.reject(RejectionReason.CONFLICTING, second);
            state.effects.report(new Notice.Equivocation(second.message().replica(), slot.proposal, second.signed()));
            state.synchronizer.suspect("it proposed two batches for one position");
            return;
        }
        // After a NEW-VIEW the proposal may come again with its batch.
        if (slot.missing().isPresent()) {
            second.message().batch().ifPresent(batch -> onBatch(slot, batch));
        } else {
            state.effects.reject(RejectionReason.DUPLICATE, second);
        }
    }

    /** Phase 2: collects what the backups say. */
    void onPrepare(Verified<Prepare> received) {
        Prepare prepare = received.message();
        if (fits(received, prepare.view(), prepare.sequenceNumber())) {
            Slot slot = state.log.slot(prepare.sequenceNumber());
            count(slot, slot.prepares, prepare.digest(), received);
        }
    }

    /** Phase 3: collects who has prepared. */
    void onCommit(Verified<Commit> received) {
        Commit commit = received.message();
        if (fits(received, commit.view(), commit.sequenceNumber())) {
            Slot slot = state.log.slot(commit.sequenceNumber());
            count(slot, slot.commits, commit.digest(), received);
        }
    }

    private boolean fits(Verified<? extends ReplicaMessage> received, View view, SequenceNumber at) {
        int order = view.compareTo(state.view());
        if (order > 0 || (order == 0 && !state.synchronizer.isActive())) {
            future.hold(view, received);
            return false;
        }
        if (order < 0) {
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
            Slot slot, VoteCollector<Digest, Verified<T>> votes, Digest digest, Verified<T> vote) {
        ReplicaId voter = vote.message().replica();
        Verified<T> first = votes.voteOf(voter);
        if (first == null && slot.contradicts(digest)) {
            // Not recorded, so that a right vote of this replica may still count (it is this one that is wrong).
            state.effects.reject(RejectionReason.WRONG_DIGEST, vote);
            return;
        }
        switch (votes.add(voter, digest, vote)) {
            case COUNTED -> progress(slot);
            case DUPLICATE -> state.effects.reject(RejectionReason.DUPLICATE, vote);
            case CONFLICTING -> {
                state.effects.reject(RejectionReason.CONFLICTING, vote);
                state.effects.report(new Notice.Equivocation(voter, first.signed(), vote.signed()));
            }
        }
    }

    /** The predicates <em>prepared</em> and <em>committed</em> of section 4.2, as soon as they become true. */
    private void progress(Slot slot) {
        if (slot.proposal == null
                || slot.batch(slot.proposal.message().digest()).isEmpty()) {
            return;
        }
        Digest digest = slot.proposal.message().digest();
        int quorum = state.quorums.certificate();
        if (!slot.prepared && slot.prepares.count(digest) >= quorum - 1) {
            slot.prepared = true;
            prepared(slot, digest, quorum - 1);
        }
        if (slot.commits.count(digest) >= quorum) {
            state.decide(slot, digest);
        }
    }

    private void prepared(Slot slot, Digest digest, int size) {
        slot.certificate = new PreparedCertificate(
                slot.proposal,
                slot.prepares.votes(digest).stream()
                        .limit(size)
                        .map(Verified::signed)
                        .toList());
        if (!mayVote(slot)) {
            return;
        }
        // The certificate goes to disk before the COMMIT leaves: a view change after a restart has to show it.
        store(slot);
        if (!slot.storedPrepared) {
            slot.storedPrepared = true;
            slot.prepares.votes(digest).forEach(prepare -> persist(slot, prepare));
        }
        slot.ownCommit = state.sealer.seal(new Commit(state.self, state.view(), slot.sequenceNumber, digest));
        state.effects.add(new Effect.Broadcast(slot.ownCommit));
        onCommit(slot.ownCommit);
    }
}
