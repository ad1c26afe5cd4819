package dev.quorate.core.minbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.smr.Proposer;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * View changes (Veronese et al. 2013, section 4.3). When to leave a view is the synchroniser's business; this is what a
 * replica says when it leaves, and how the next view begins.
 */
final class ViewChanges {
    private final ReplicaParts parts;
    private final MinParts rules;
    private final Streams streams;
    private final NewViews newViews;
    private final Ordering ordering;
    private Proposer proposer;
    /** How much had been handled when it was last tried to begin or to enter a view. */
    private long triedAt = -1;

    private boolean entered;

    ViewChanges(ReplicaParts parts, MinParts rules, Streams streams, NewViews newViews, Ordering ordering) {
        this.parts = parts;
        this.rules = rules;
        this.streams = streams;
        this.newViews = newViews;
        this.ordering = ordering;
    }

    void set(Proposer batches) {
        proposer = batches;
    }

    /** The replica has left its view: from here on, it has nothing to do with lower ones. */
    void leftFor(View view) {
        triedAt = -1;
        streams.say(new MinViewChange(parts.self, view));
    }

    /** The primary's NEW-VIEW has its turn in its stream. */
    void onNewView(Stream stream, long counter, Verified<MinNewView> received) {
        View view = received.message().view();
        if (!rules.countsAfter(stream.left(), view)) {
            parts.effects.reject(RejectionReason.WRONG_VIEW, received);
            return;
        }
        ordering.order(view).onNewView(counter);
        ordering.takeInOrder(view);
    }

    /** The window has moved, a stream begins further on, or time has passed: more may be possible than before. */
    void tryAgain() {
        triedAt = -1;
    }

    /** After every event: begins or enters the view that this replica waits for, as soon as nothing is missing. */
    void proceed() {
        if (parts.synchronizer.isActive() || triedAt == streams.handled() || streams.hasUnsaid()) {
            return;
        }
        if (parts.isPrimary() && !parts.mayVote()) {
            return; // Perhaps it began that view in a life that it has forgotten: the others do without it.
        }
        triedAt = streams.handled();
        View view = parts.view();
        if (parts.isPrimary() && ordering.order(view).newView() == -1) {
            beginIfPossible(view);
        }
        PrimaryOrder order = ordering.order(view);
        if (order.newView() != -1 && !order.isBroken()) {
            newViews.outcome(view, order.newView())
                    .filter(outcome -> !parts.isPrimary() || mayPropose(proposed(outcome), outcome))
                    .ifPresent(outcome -> enter(view, outcome));
        }
    }

    // --- beginning a view

    /** The primary begins the view with the VIEW-CHANGEs of a quorum that it can make use of. */
    private void beginIfPossible(View view) {
        List<MinNewView.Reference> usable = new ArrayList<>();
        for (Stream stream : streams.all()) {
            viewChangeOf(stream, view).filter(this::isUsable).ifPresent(usable::add);
        }
        if (usable.stream().noneMatch(reference -> reference.replica().equals(parts.self))) {
            return; // After a restart, something may be missing for that. Without it, the NEW-VIEW would be invalid.
        }
        // Its own first, since that has to be among them.
        List<MinNewView.Reference> quorum = usable.stream()
                .sorted(Comparator.comparing(reference -> !reference.replica().equals(parts.self)))
                .limit(parts.quorums.certificate())
                .sorted(Comparator.comparing(MinNewView.Reference::replica))
                .toList();
        if (quorum.size() == parts.quorums.certificate()) {
            // What it proposes again begins behind the stable checkpoint of then: what lies below that it may not know.
            streams.say(() -> new MinNewView(parts.self, view, parts.window.low(), quorum));
        }
    }

    private Optional<MinNewView.Reference> viewChangeOf(Stream stream, View view) {
        return stream.landmarks.entrySet().stream()
                .filter(entry -> entry.getValue().message() instanceof MinViewChange viewChange
                        && viewChange.view().equals(view)
                        && entry.getKey() < stream.next())
                .findFirst()
                .map(entry -> new MinNewView.Reference(stream.of, entry.getKey()));
    }

    /**
     * Whether this replica could propose again whatever its sender's word may demand. A correct sender has it, and
     * gives it; and it has voted for no time that was not close to its own clock. A faulty primary may have nobody's
     * word but its own for what it proposed: if that was proposed again, a correct replica's stream would hold it from
     * then on, and every later view would have to wait for its time, or take that for the agreed one.
     *
     * <p>Nor is one of use that its sender has forgotten: with that the view would be void before the window ends.
     */
    private boolean isUsable(MinNewView.Reference viewChange) {
        if (newViews.isForgotten(viewChange.replica(), viewChange.counter(), parts.window.high())) {
            return false;
        }
        Optional<Collection<NewViews.Candidate>> candidates =
                newViews.candidates(viewChange, parts.view(), parts.window.low());
        return candidates.isPresent()
                && rules.mayName(candidates.get().stream()
                        .map(NewViews.Candidate::prepare)
                        .allMatch(prepare -> batch(prepare.sequenceNumber(), prepare.digest())
                                .filter(batch -> !parts.readings.isInFuture(batch.values()))
                                .isPresent()));
    }

    /** The batch of that digest, from the PREPAREs for that position which are kept. */
    private Optional<Batch> batch(SequenceNumber at, Digest digest) {
        if (digest.equals(Batches.nullBatch().digest())) {
            return Optional.of(Batches.nullBatch());
        }
        return streams.all().stream()
                .flatMap(stream -> stream.log.values().stream())
                .map(Verified::message)
                .filter(message -> message instanceof MinPrepare held
                        && held.sequenceNumber().equals(at)
                        && held.digest().equals(digest))
                .flatMap(message -> ((MinPrepare) message).batch().stream())
                .findFirst();
    }

    // --- entering it

    private void enter(View view, Outcome outcome) {
        parts.synchronizer.enter(view);
        entered = true;
        parts.pool.startOver(parts.readings.wallClockMillis());
        SequenceNumber proposed = proposed(outcome);
        proposer.continueAfter(proposed.isAfter(outcome.high()) ? proposed : outcome.high());
        if (parts.isPrimary()) {
            for (SequenceNumber at = proposed.next(); !at.isAfter(outcome.high()); at = at.next()) {
                ordering.propose(at, batch(at, outcome.demanded(at)).orElseThrow());
            }
        }
        ordering.onEntered(view);
    }

    /** If it began the view in an earlier life, the primary may have proposed already. */
    private SequenceNumber proposed(Outcome outcome) {
        return ordering.proposed().orElse(outcome.low());
    }

    /**
     * Whether the primary knows what it has to propose next, and has that. If it began the view in an earlier life, it may have
     * to fetch the batches again; and if the stable checkpoint has moved beyond what it had proposed, it does not know what was
     * demanded below. Anything else would break the order for those who do: the others go on to the next view without it.
     */
    private boolean mayPropose(SequenceNumber proposed, Outcome outcome) {
        for (SequenceNumber at = proposed.next(); !at.isAfter(outcome.high()); at = at.next()) {
            if (!outcome.knows(at) || batch(at, outcome.demanded(at)).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a view has been entered since this was last asked. */
    boolean hasEntered() {
        boolean was = entered;
        entered = false;
        return was;
    }
}
