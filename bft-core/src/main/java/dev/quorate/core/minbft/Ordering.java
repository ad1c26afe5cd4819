package dev.quorate.core.minbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.PositionLog;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The two phases that order a batch (Veronese et al. 2013, section 4.2). A PREPARE is the primary's own vote; a batch is
 * committed when a quorum stands behind one that is in order in the primary's stream. Counting has nothing to do with the
 * view that this replica is in; voting has.
 */
final class Ordering {
    private final ReplicaParts parts;
    private final MinParts rules;
    private final PositionLog<MinSlot> log;
    private final NewViews newViews;
    private final ValuesCheck values;
    private final Streams streams;

    private final Map<View, PrimaryOrder> orders = new TreeMap<>();
    /** What this replica proposed last in {@link #proposedIn}, perhaps without its UI yet. */
    private SequenceNumber proposed;
    /** Null before it has proposed anything. */
    private View proposedIn;

    Ordering(
            ReplicaParts parts,
            MinParts rules,
            PositionLog<MinSlot> log,
            NewViews newViews,
            ValuesCheck values,
            Streams streams) {
        this.parts = parts;
        this.rules = rules;
        this.log = log;
        this.newViews = newViews;
        this.values = values;
        this.streams = streams;
    }

    PrimaryOrder order(View view) {
        return orders.computeIfAbsent(
                view, v -> new PrimaryOrder(v, newViews, rules, primaryStream(v).joinedAt()));
    }

    private Stream primaryStream(View view) {
        return streams.of(view.primary(parts.quorums.n()));
    }

    /** This replica goes on in the middle of a stream, at {@code place}. */
    void onRejoined(Stream stream, long place) {
        for (PrimaryOrder order : orders.values()) {
            if (primaryStream(order.view).equals(stream)) {
                order.rejoin(place, parts.window.low());
            }
        }
    }

    /** Nothing before the starts of the streams matters any more. */
    void startFromStable() {
        for (PrimaryOrder order : orders.values()) {
            order.startFrom(primaryStream(order.view).start(), parts.window.low());
        }
    }

    /**
     * Forgets lower views whose primaries have left them: what others still propose has to go on from where it is. And all
     * that are far below this replica's own, in which it does not vote: it may then count fewer of the votes there.
     */
    void forgetBelow(View view) {
        orders.keySet().removeIf(old -> old.compareTo(view) < 0 && mayForget(old));
    }

    private boolean mayForget(View old) {
        return old.compareTo(streams.oldestView()) < 0
                || rules.mayForgetOrder(old, primaryStream(old).left());
    }

    // --- phase 1

    /**
     * The primary proposes {@code batch} at {@code at}, unless its view is of no use there: then it is about to leave. Or
     * unless that left out a position, because the stable checkpoint is beyond what it has proposed: then the others have
     * gone on without it, in a later view.
     */
    void propose(SequenceNumber at, Batch batch) {
        View view = parts.view();
        PrimaryOrder order = order(view);
        long newView = order.newView();
        if (newViews.isVoid(view, newView, at)) {
            return;
        }
        boolean follows = view.equals(proposedIn) ? at.equals(proposed.next()) : order.isContinuedBy(at);
        if (order.isBroken() || !follows) {
            parts.synchronizer.suspect("the others have gone on without it");
            return;
        }
        proposed = at;
        proposedIn = view;
        streams.say(new MinPrepare(parts.self, view, at, batch.digest(), newView, Optional.of(batch)));
    }

    /** As primary: the last position that it has proposed in its view, or behind which that begins; empty if unknown. */
    Optional<SequenceNumber> proposed() {
        View view = parts.view();
        if (view.equals(proposedIn)) {
            return Optional.of(proposed);
        }
        PrimaryOrder order = order(view);
        return order.proposed().or(() -> newViews.outcome(view, order.newView()).map(Outcome::low));
    }

    /** A PREPARE has its turn in its primary's stream. */
    void onPrepare(Stream stream, Verified<MinPrepare> received) {
        View view = received.message().view();
        if (!rules.countsAfter(stream.left(), view)) {
            return; // It has left that view.
        }
        order(view).onPrepare(received);
        takeInOrder(view);
    }

    /** Goes on with the PREPAREs of a view whose order can now be judged. */
    void takeInOrder(View view) {
        PrimaryOrder order = order(view);
        boolean wasBroken = order.isBroken();
        for (Optional<Verified<MinPrepare>> next = order.takeNext(); next.isPresent(); next = order.takeNext()) {
            primaryStream(view).foundInOrder(next.get().ui().place());
            accept(next.get());
        }
        if (order.isBroken() && !wasBroken && view.equals(parts.view())) {
            parts.synchronizer.suspect("it broke the order of its proposals");
        }
    }

    /** More may be known about any view than before. */
    void takeAllInOrder() {
        for (View view : orders.keySet().toArray(View[]::new)) {
            takeInOrder(view);
        }
    }

    private void accept(Verified<MinPrepare> prepare) {
        SequenceNumber at = prepare.message().sequenceNumber();
        if (log.accepts(at)) {
            MinSlot slot = log.slot(at);
            slot.in(prepare.message().view()).proposal = prepare;
            prepare.message().batch().ifPresent(slot::offer);
            vote(slot, prepare.message().view());
            count(slot, prepare.message().view());
        }
    }

    // --- phase 2

    /** Votes, if this replica takes part in the view and has not voted. */
    private void vote(MinSlot slot, View view) {
        MinSlot.InView inView = slot.in(view);
        boolean may = inView.proposal != null
                && view.equals(parts.view())
                && parts.synchronizer.isActive()
                && !parts.isPrimary()
                && parts.mayVote()
                && !inView.voted
                && parts.window.contains(slot.sequenceNumber);
        Optional<Batch> batch = inView.proposal == null
                ? Optional.empty()
                : inView.proposal.message().batch();
        if (!may || batch.isEmpty()) {
            return;
        }
        switch (values.of(slot.sequenceNumber, batch.get(), isProposedAgain(slot, view), inView.judgement)) {
            case ACCEPTED -> {
                inView.voted = true;
                MinPrepare header = inView.proposal.message().header();
                streams.say(new MinCommit(parts.self, header, inView.proposal.ui()));
            }
            case REFUSED -> {
                parts.effects.reject(RejectionReason.UNACCEPTABLE_VALUES, inView.proposal);
                parts.synchronizer.suspect("it proposed a time or a prediction that is not acceptable");
            }
            case PENDING -> {}
        }
    }

    private boolean isProposedAgain(MinSlot slot, View view) {
        return newViews.outcome(view, order(view).newView())
                .filter(outcome -> !slot.sequenceNumber.isAfter(outcome.high()))
                .isPresent();
    }

    /** The service has judged a prediction. */
    void onJudged(Event.Judged event) {
        Optional<MinSlot> slot = log.find(event.sequenceNumber());
        if (slot.isPresent()) {
            MinSlot.InView inView = slot.get().in(parts.view());
            if (inView.proposal != null
                    && inView.proposal.message().digest().equals(event.batch())
                    && inView.judgement.answer(event.accepted())) {
                vote(slot.get(), parts.view());
            }
        }
    }

    /** This replica has entered a view: votes for what it holds of it. */
    void onEntered(View view) {
        takeInOrder(view);
        voteForHeld(view);
    }

    /** A status interval has passed: the time of what was proposed again may have come. */
    void onTick() {
        voteForHeld(parts.view());
    }

    private void voteForHeld(View view) {
        for (SequenceNumber at = parts.window.low().next();
                !at.isAfter(log.highest()) && log.accepts(at);
                at = at.next()) {
            log.find(at).ifPresent(slot -> vote(slot, view));
        }
    }

    /** A COMMIT has its turn in its sender's stream. */
    void onCommit(Stream stream, Verified<MinCommit> received) {
        MinCommit commit = received.message();
        MinPrepare prepare = commit.prepare();
        if (!rules.countsAfter(stream.left(), prepare.view())) {
            parts.effects.reject(RejectionReason.WRONG_VIEW, received);
            return;
        }
        if (!log.accepts(prepare.sequenceNumber())) {
            return;
        }
        if (newViews.isForgotten(commit.replica(), received.ui().place(), prepare.sequenceNumber())) {
            parts.effects.reject(RejectionReason.WRONG_EPOCH, received);
            return;
        }
        MinSlot slot = log.slot(prepare.sequenceNumber());
        Map<ReplicaId, Long> votes = slot.in(prepare.view()).votes;
        if (votes.containsKey(commit.replica()) && rules.firstVoteStands()) {
            parts.effects.reject(RejectionReason.DUPLICATE, received);
            return;
        }
        votes.put(commit.replica(), commit.prepareUi().place());
        if (commit.replica().equals(parts.self)) {
            slot.in(prepare.view()).voted = true; // Perhaps before a restart.
        }
        count(slot, prepare.view());
    }

    private void count(MinSlot slot, View view) {
        MinSlot.InView inView = slot.in(view);
        if (inView.proposal != null && inView.count() >= parts.quorums.certificate()) {
            decide(slot, view, inView.proposal.message().digest());
        }
    }

    /** {@code digest} is committed at the slot's position, for ever. */
    private void decide(MinSlot slot, View view, Digest digest) {
        if (slot.decided == null) {
            slot.decided = digest;
            parts.effects.report(new Notice.Committed(view, slot.sequenceNumber, digest));
        } else if (!slot.decided.equals(digest)) {
            parts.effects.add(new Effect.Halt("two batches are committed at " + slot.sequenceNumber + ": "
                    + slot.decided + " and " + digest + "; more than f replicas are faulty, or a USIG is"));
        }
    }
}
