package dev.quorate.core.minbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.wire.Verified;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What the primary of one view proposed, in the order of its counters: consecutive positions, as its NEW-VIEW demands. The
 * first PREPARE that breaks this ends the view for whoever handles it: neither it nor a later one is voted for, or counts.
 */
final class PrimaryOrder {
    /** What became of a PREPARE. */
    enum Verdict {
        IN_ORDER,
        /** It, and whatever follows. */
        BROKEN,
        /** What its NEW-VIEW demands is not known yet. */
        UNKNOWN
    }

    final View view;
    private final NewViews newViews;
    private final MinParts rules;
    private final Deque<Verified<MinPrepare>> undecided = new ArrayDeque<>();
    /** The counter of the NEW-VIEW that holds; -1 if none was handled and no PREPARE has named one. */
    private long newView;

    private boolean beganHere;
    /** Null before the first PREPARE. */
    private SequenceNumber next;

    private boolean broken;

    /**
     * @param joinedAt the checkpoint at which this replica began to follow the primary's stream in the middle; 0 if it
     *     has followed it from the beginning
     */
    PrimaryOrder(View view, NewViews newViews, MinParts rules, SequenceNumber joinedAt) {
        this.view = view;
        this.newViews = newViews;
        this.rules = rules;
        this.newView = view.equals(View.ZERO) ? 0 : -1;
        this.beganHere = view.equals(View.ZERO) && joinedAt.equals(SequenceNumber.ZERO);
    }

    /** This replica goes on at {@code place}, in the middle of the primary's stream: the next PREPARE need not follow the last one seen. */
    void rejoin(long place) {
        next = null;
        beganHere = false;
        undecided.clear();
        if (newView > 0 && UniqueIdentifier.epochOf(newView) < UniqueIdentifier.epochOf(place)) {
            // It has forgotten that it began the view, and does so anew.
            newView = -1;
            broken = false;
        }
    }

    /** After a restart of the primary: its NEW-VIEW lies before what is left of its stream. */
    void begunBefore(long counter) {
        newView = counter;
        beganHere = false;
    }

    /** After a restart of the primary: so does the last of its PREPAREs. */
    void proposedBefore(SequenceNumber last) {
        next = last.next();
        beganHere = false;
    }

    boolean isBroken() {
        return broken;
    }

    /** The counter of the NEW-VIEW that holds; -1 if it is not known. */
    long newView() {
        return newView;
    }

    /** The position of the last PREPARE that was in order; empty if there was none. */
    Optional<SequenceNumber> proposed() {
        return next == null ? Optional.empty() : Optional.of(new SequenceNumber(next.value() - 1));
    }

    /** The primary's NEW-VIEW has its turn. A second one, or one behind a PREPARE, breaks the order. */
    void onNewView(long counter) {
        if (newView == -1) {
            newView = counter;
            beganHere = true;
        } else {
            broken |= !rules.isBegunBy(newView, counter);
        }
    }

    /** A PREPARE has its turn. */
    void onPrepare(Verified<MinPrepare> prepare) {
        if (!broken) {
            undecided.add(prepare);
        }
    }

    /**
     * Takes the next PREPARE that is in order.
     *
     * @param joinedAt as above: the first PREPARE that is seen must not leave out anything above it
     * @return empty if there is none, because the order broke, or because something is missing
     */
    Optional<Verified<MinPrepare>> takeNext(SequenceNumber joinedAt) {
        while (!broken && !undecided.isEmpty()) {
            Verified<MinPrepare> first = undecided.peek();
            MinPrepare prepare = first.message();
            switch (judge(prepare, first.ui().place(), joinedAt)) {
                case UNKNOWN -> {
                    return Optional.empty();
                }
                case BROKEN -> {
                    broken = rules.endsView(prepare);
                    undecided.remove();
                }
                case IN_ORDER -> {
                    next = prepare.sequenceNumber().next();
                    return Optional.of(undecided.remove());
                }
            }
        }
        if (broken) {
            undecided.clear();
        }
        return Optional.empty();
    }

    private Verdict judge(MinPrepare prepare, long place, SequenceNumber joinedAt) {
        if (newView == -1) {
            newView = prepare.newView();
        }
        if (!rules.isBegunBy(newView, prepare.newView())) {
            return Verdict.BROKEN;
        }
        if (newViews.isForgotten(prepare.replica(), place, prepare.sequenceNumber())
                || newViews.isVoid(view, newView, prepare.sequenceNumber())) {
            return Verdict.BROKEN;
        }
        Optional<Outcome> outcome = newViews.outcome(view, prepare.newView());
        if (outcome.isEmpty()) {
            return newViews.isInvalid(view, prepare.newView()) ? Verdict.BROKEN : Verdict.UNKNOWN;
        }
        SequenceNumber at = prepare.sequenceNumber();
        boolean inOrder = rules.isInOrder(prepare, continues(at, outcome.get().low(), joinedAt));
        return inOrder && rules.mayStand(prepare, outcome.get().allows(at, prepare.digest()))
                ? Verdict.IN_ORDER
                : Verdict.BROKEN;
    }

    /** Whether the primary itself may go on at {@code at}. */
    boolean isContinuedBy(SequenceNumber at, SequenceNumber joinedAt) {
        SequenceNumber low = newViews.outcome(view, newView).map(Outcome::low).orElse(SequenceNumber.ZERO);
        return continues(at, low, joinedAt);
    }

    private boolean continues(SequenceNumber at, SequenceNumber low, SequenceNumber joinedAt) {
        if (next != null) {
            return at.equals(next);
        }
        if (beganHere) {
            return at.equals(low.next());
        }
        // Its NEW-VIEW may begin above the checkpoint, since that concerns nothing before.
        return !at.isAfter((low.isAfter(joinedAt) ? low : joinedAt).next());
    }
}
