package dev.quorate.core.pbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.Proposer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * View changes (Castro and Liskov 1999, section 4.4). When to leave a view is the synchroniser's business; this is what
 * a replica says when it leaves, and how the next view begins.
 *
 * <p>Bound: one VIEW-CHANGE of each replica, that of the highest view since it last rejoined.
 */
final class ViewChangeHandler {
    private final PbftState state;
    private final NormalCase normalCase;
    private final Proposer proposer;
    private final NewViewOutcome.Rule outcomes;

    private final Map<ReplicaId, Verified<ViewChange>> viewChanges = new TreeMap<>();
    /** What began the current view; null in view 0. */
    private Verified<NewView> newView;

    /** One that came before the state with which it can be judged; null if there is none. */
    private Verified<NewView> early;

    private boolean entered;

    ViewChangeHandler(PbftState state, NormalCase normalCase, Proposer proposer, NewViewOutcome.Rule outcomes) {
        this.state = state;
        this.normalCase = normalCase;
        this.proposer = proposer;
        this.outcomes = outcomes;
    }

    /** The replica has left its view: tells everybody what prepared at it. */
    void leftFor(View view) {
        Verified<ViewChange> own =
                state.sealer.seal(new ViewChange(state.self, view, state.checkpoints.certificate(), prepared()));
        state.effects.add(new Effect.Persist(state.window.low(), own.frame()));
        state.effects.add(new Effect.Broadcast(own));
        onViewChange(own);
    }

    /** {@code P} of a VIEW-CHANGE: what prepared above the stable checkpoint. */
    private List<PreparedCertificate> prepared() {
        return state.log.after(state.window.low()).stream()
                .map(slot -> slot.certificate)
                .filter(Objects::nonNull)
                .toList();
    }

    void onViewChange(Verified<ViewChange> received) {
        ViewChange viewChange = received.message();
        // First of all: with this it may turn out that this replica cannot judge yet who has rejoined.
        state.checkpoints.learn(viewChange.stable());
        if (isVoid(viewChange)) {
            state.effects.reject(RejectionReason.BAD_CERTIFICATE, received);
            return;
        }
        Verified<ViewChange> known = viewChanges.get(viewChange.replica());
        // What its sender said before it forgot everything must not stand in the way of what it says now.
        if (known != null && !isVoid(known.message()) && known.message().view().compareTo(viewChange.view()) >= 0) {
            refuse(received, known);
            return;
        }
        viewChanges.put(viewChange.replica(), received);
        state.synchronizer.onPeerView(viewChange.replica(), viewChange.view());
        beginIfPossible();
    }

    private void refuse(Verified<ViewChange> received, Verified<ViewChange> known) {
        int order = received.message().view().compareTo(known.message().view());
        if (order < 0) {
            state.effects.reject(RejectionReason.WRONG_VIEW, received);
        } else if (received.equals(known)) {
            state.effects.reject(RejectionReason.DUPLICATE, received);
        } else {
            state.effects.reject(RejectionReason.CONFLICTING, received);
            // Without the state, its sender may have rejoined between the two: then both are honest.
            if (mayJudge()) {
                state.effects.report(
                        new Notice.Equivocation(received.message().replica(), known.signed(), received.signed()));
            }
        }
    }

    /** The primary of the view that this replica waits for begins it with the VIEW-CHANGEs of a quorum. */
    private void beginIfPossible() {
        View view = state.view();
        if (state.synchronizer.isActive() || !state.isPrimary() || !state.mayVote() || !mayJudge()) {
            return;
        }
        List<Signed<ViewChange>> quorum = viewChanges.values().stream()
                .filter(v -> v.message().view().equals(view) && !isVoid(v.message()))
                // Its own first, since that has to be among them.
                .sorted(Comparator.comparing(v -> !v.message().replica().equals(state.self)))
                .limit(state.quorums.certificate())
                .sorted(Comparator.comparing(v -> v.message().replica()))
                .map(Verified::signed)
                .toList();
        if (quorum.size() == state.quorums.certificate()) {
            begin(view, quorum);
        }
    }

    private void begin(View view, List<Signed<ViewChange>> quorum) {
        NewViewOutcome outcome = outcomes.of(NewViewOutcome.messages(quorum));
        List<Signed<PrePrepare>> proposals = new ArrayList<>();
        SequenceNumber at = outcome.low();
        for (Digest digest : outcome.digests()) {
            at = at.next();
            proposals.add(state.sealer
                    .seal(new PrePrepare(state.self, view, at, digest, Optional.empty()))
                    .signed());
        }
        Verified<NewView> begun = state.sealer.seal(new NewView(state.self, view, quorum, proposals));
        state.effects.add(new Effect.Persist(state.window.low(), begun.frame()));
        state.effects.add(new Effect.Broadcast(begun));
        onNewView(begun);
    }

    /** Enters the view that {@code received} begins, which may be above the one that this replica waits for. */
    void onNewView(Verified<NewView> received) {
        NewView message = received.message();
        if (isOver(received)) {
            return;
        }
        if (!mayJudge()) {
            early = received;
            return;
        }
        if (message.viewChanges().stream().anyMatch(v -> isVoid(v.message()))) {
            state.effects.reject(RejectionReason.BAD_CERTIFICATE, received);
            return;
        }
        for (Signed<ViewChange> viewChange : message.viewChanges()) {
            state.synchronizer.onPeerView(viewChange.message().replica(), message.view());
        }
        // With this, enough of them may have been seen to leave for a still higher view: from that nobody goes back.
        if (isOver(received)) {
            return;
        }
        if (!message.replica().equals(state.self)) {
            state.effects.add(new Effect.Persist(state.window.low(), received.frame()));
        }
        newView = received;
        NewViewOutcome outcome = outcomes.of(NewViewOutcome.messages(message.viewChanges()));
        state.checkpoints.learn(outcome.stable());
        state.synchronizer.enter(message.view());
        entered = true;
        state.log.all().forEach(Slot::startOver);
        state.pool.startOver(state.readings.wallClockMillis());
        proposer.continueAfter(outcome.high());
        proposeAgain(message, normalCase::onNewViewProposal);
    }

    /** Whether this replica has left the view that is begun, or has entered it already. */
    private boolean isOver(Verified<NewView> received) {
        int order = received.message().view().compareTo(state.view());
        boolean over = order < 0 || (order == 0 && state.synchronizer.isActive());
        if (over) {
            state.effects.reject(order < 0 ? RejectionReason.WRONG_VIEW : RejectionReason.DUPLICATE, received);
        }
        return over;
    }

    /** Whether this replica has the state that says who has rejoined: without it, no VIEW-CHANGE can be judged. */
    private boolean mayJudge() {
        return state.parts.hasScheduledStable();
    }

    /** What a replica said before it forgot everything, and which its votes since then may contradict. */
    private boolean isVoid(ViewChange viewChange) {
        SequenceNumber rejoinedAt = state.parts.rejoins.rejoinedAt(viewChange.replica());
        return viewChange.stable().sequenceNumber().compareTo(rejoinedAt) < 0;
    }

    /**
     * A status interval has passed. A view that began with what a replica has forgotten is void: it goes on for those who
     * are in it, but nobody can enter it any more. Once that replica votes again, it is left for one that all can enter.
     */
    void onTick() {
        if (newView != null
                && state.synchronizer.isActive()
                && newView.message().viewChanges().stream().anyMatch(v -> hasVotedSince(v.message()))) {
            state.synchronizer.suspect("its view began with what a replica has forgotten since");
        }
    }

    private boolean hasVotedSince(ViewChange viewChange) {
        SequenceNumber stable = viewChange.stable().sequenceNumber();
        return state.parts.rejoins.votesAgainSince(viewChange.replica(), stable);
    }

    /** More may have been executed: what could not be judged before can be now. */
    void proceed() {
        if (early != null && mayJudge()) {
            Verified<NewView> held = early;
            early = null;
            onNewView(held);
        }
        beginIfPossible();
    }

    private void proposeAgain(NewView message, Consumer<Signed<PrePrepare>> to) {
        for (Signed<PrePrepare> proposal : message.proposals()) {
            if (state.log.accepts(proposal.message().sequenceNumber())) {
                to.accept(proposal);
            }
        }
    }

    /** After a restart: what this replica left a view with, and what began the one that it is in; null if nothing did. */
    void resume(Verified<ViewChange> own, Verified<NewView> began) {
        if (own != null) {
            viewChanges.put(state.self, own);
        }
        newView = began;
        if (began != null) {
            // Whatever it has not voted for yet, it votes for later: nothing goes to the store now.
            proposeAgain(began.message(), normalCase::recall);
        }
    }

    /** Keeps anew what a restart needs to know about the view. */
    void persistAgain() {
        Verified<? extends Message> current = state.synchronizer.isActive() ? newView : viewChanges.get(state.self);
        if (current != null) {
            state.effects.add(new Effect.Persist(state.window.low(), current.frame()));
        }
    }

    /** Whether a view has been entered since this was last asked. */
    boolean hasEntered() {
        boolean was = entered;
        entered = false;
        return was;
    }

    /** What {@code peer} needs that is in {@code itsView}: the NEW-VIEW of this one, or what this replica left with. */
    Optional<Verified<? extends Message>> helpFor(ReplicaId peer, View itsView, boolean itWaits) {
        int order = itsView.compareTo(state.view());
        if (state.synchronizer.isActive()) {
            return order < 0 || (order == 0 && itWaits) ? Optional.ofNullable(newView) : Optional.empty();
        }
        boolean mayNeedIt = order < 0 || (order == 0 && peer.equals(state.primary()));
        return mayNeedIt ? Optional.ofNullable(viewChanges.get(state.self)) : Optional.empty();
    }
}
