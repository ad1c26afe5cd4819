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
 *
 * <p>Bound: those that cannot be judged yet are kept no longer than the primary's stream is, see {@link #startFrom}.
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
    /** The stable checkpoint at which this replica began to follow the order in the middle; 0 if it never did. */
    private SequenceNumber joinedAt;

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
        this.joinedAt = joinedAt;
    }

    /**
     * Nothing before {@code start} in the primary's stream concerns what is above the stable checkpoint {@code stable}.
     * If this replica could not judge all of that, it goes on like one that begins to follow the stream there. Without
     * that, a primary that names a NEW-VIEW which it never says would have everybody keep its proposals for ever.
     */
    void startFrom(long start, SequenceNumber stable) {
        if (undecided.removeIf(prepare -> prepare.ui().place() < start)) {
            join(stable);
        }
    }

    private void join(SequenceNumber stable) {
        next = null;
        beganHere = false;
        joinedAt = stable;
    }

    /**
     * With the state at {@code stable}, this replica goes on at {@code place}, in the middle of the primary's stream:
     * the next PREPARE need not follow the last one seen.
     */
    void rejoin(long place, SequenceNumber stable) {
        join(stable);
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
     * @return empty if there is none, because the order broke, or because something is missing
     */
    Optional<Verified<MinPrepare>> takeNext() {
        while (!broken && !undecided.isEmpty()) {
            Verified<MinPrepare> first = undecided.peek();
            MinPrepare prepare = first.message();
            switch (judge(prepare, first.ui().place())) {
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

    private Verdict judge(MinPrepare prepare, long place) {
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
        boolean inOrder = rules.isInOrder(prepare, continues(at, outcome.get().low()));
        return inOrder && rules.mayStand(prepare, outcome.get().allows(at, prepare.digest()))
                ? Verdict.IN_ORDER
                : Verdict.BROKEN;
    }

    /** Whether the primary itself may go on at {@code at}. */
    boolean isContinuedBy(SequenceNumber at) {
        SequenceNumber low = newViews.outcome(view, newView).map(Outcome::low).orElse(SequenceNumber.ZERO);
        return continues(at, low);
    }

    private boolean continues(SequenceNumber at, SequenceNumber low) {
        if (next != null) {
            return at.equals(next);
        }
        if (beganHere) {
            return at.equals(low.next());
        }
        // The first one that is seen must not leave out anything above the checkpoint; or above the low of its
        // NEW-VIEW, if that is higher, since it concerns nothing before.
        return !at.isAfter((low.isAfter(joinedAt) ? low : joinedAt).next());
    }
}
