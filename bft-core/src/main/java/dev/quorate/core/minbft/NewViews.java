package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.minbft.MinMessages.Name;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What follows from a NEW-VIEW (Veronese et al. 2013, section 4.3). It names the VIEW-CHANGEs of a quorum, and for each
 * sender everything that it said before its VIEW-CHANGE counts: what that is does not depend on who looks, because a USIG
 * gives each counter to one message, and everybody handles all of them. So neither message has to carry a log.
 *
 * <p>The outcome at a position above the stable checkpoint is the <em>candidate</em> of the highest view, and within a view
 * the one with the lowest counter. A candidate is every PREPARE that one of the senders made, or accepted by a COMMIT, if
 * the NEW-VIEW that it names allows it. Whether its order was right in the primary's stream is not asked: some replicas
 * begin to follow a stream later than others. (docs/minbft.md argues why nothing committed is lost.)
 */
final class NewViews {
    /** What is known of a NEW-VIEW; empty while something is missing. */
    private record Finding(Optional<Outcome> outcome) {
        static final Finding INVALID = new Finding(Optional.empty());
    }

    /**
     * What a finding is about: the message with the counter {@code newView} of the primary of {@code view}, taken for its
     * NEW-VIEW. A faulty primary may name one message for several views: what it is for one says nothing of another.
     */
    private record Subject(View view, long newView) implements Comparable<Subject> {
        @Override
        public int compareTo(Subject that) {
            int byView = view.compareTo(that.view);
            return byView != 0 ? byView : Long.compare(newView, that.newView);
        }
    }

    /** A PREPARE, by itself or in a COMMIT. */
    record Candidate(MinPrepare prepare, long counter) {}

    private final ReplicaParts parts;
    private final Streams streams;
    private final MinParts rules;
    private final Map<Subject, Finding> findings = new TreeMap<>();

    NewViews(ReplicaParts parts, Streams streams, MinParts rules) {
        this.parts = parts;
        this.streams = streams;
        this.rules = rules;
    }

    /** Forgets what was found out about lower views, and about what is gone. */
    void forgetBelow(View view) {
        findings.keySet()
                .removeIf(of -> of.view.compareTo(view) < 0
                        || !streams.of(name(of).replica()).landmarks.containsKey(of.newView));
    }

    private Name name(Subject subject) {
        return new Name(subject.view.primary(parts.quorums.n()), subject.newView);
    }

    /** Whether the NEW-VIEW of that name cannot be one of {@code view}, whatever is still to come. */
    boolean isInvalid(View view, long newView) {
        Finding finding = findings.get(new Subject(view, newView));
        return finding != null && finding.outcome.isEmpty();
    }

    /**
     * The outcome of the NEW-VIEW with which the primary of {@code view} began it.
     *
     * @param newView its counter; 0 for view 0
     * @return empty if it is not valid, or as long as something is missing
     */
    Optional<Outcome> outcome(View view, long newView) {
        if (view.equals(View.ZERO)) {
            return newView == 0 ? Optional.of(Outcome.OF_VIEW_ZERO) : Optional.empty();
        }
        Subject subject = new Subject(view, newView);
        Finding known = findings.get(subject);
        if (known == null) {
            Optional<Finding> found = newView == 0 ? Optional.of(Finding.INVALID) : find(name(subject), view);
            found.ifPresent(finding -> findings.put(subject, finding));
            known = found.orElse(Finding.INVALID);
        }
        return known.outcome;
    }

    private Optional<Finding> find(Name name, View view) {
        Optional<Verified<? extends ReplicaMessage>> frame = streams.landmark(name);
        if (frame.isEmpty()) {
            return isHandled(name) ? Optional.of(Finding.INVALID) : Optional.empty();
        }
        if (!(frame.get().message() instanceof MinNewView newView)
                || !newView.view().equals(view)) {
            return Optional.of(Finding.INVALID);
        }
        if (newView.low().isAfter(parts.window.low())) {
            return Optional.empty(); // Its certificate is still to come.
        }
        for (MinNewView.Reference reference : newView.viewChanges()) {
            Name named = new Name(reference.replica(), reference.counter());
            Optional<Verified<? extends ReplicaMessage>> viewChange = streams.landmark(named);
            if (viewChange.isEmpty()) {
                return isHandled(named) ? Optional.of(Finding.INVALID) : Optional.empty();
            }
            boolean isForTheView = viewChange.get().message() instanceof MinViewChange v
                    && v.view().equals(view);
            if (!rules.mayBeNamed(isForTheView)) {
                return Optional.of(Finding.INVALID);
            }
            if (streams.of(named.replica()).next() <= named.counter()) {
                return Optional.empty();
            }
        }
        return outcomeOf(view, newView.low(), newView.viewChanges()).map(outcome -> new Finding(Optional.of(outcome)));
    }

    /**
     * Whether nothing can stand at {@code at} in a view because it began with what a replica has forgotten: its votes there
     * may contradict that. Whoever handles anything for {@code at} knows who has rejoined far enough below.
     */
    boolean isVoid(View view, long newView, SequenceNumber at) {
        if (view.equals(View.ZERO)) {
            return false;
        }
        Name name = new Name(view.primary(parts.quorums.n()), newView);
        Verified<? extends ReplicaMessage> frame =
                streams.of(name.replica()).landmarks.get(name.counter());
        return isForgotten(name.replica(), newView, at)
                || (frame != null
                        && frame.message() instanceof MinNewView begun
                        && begun.viewChanges().stream()
                                .anyMatch(named -> isForgotten(named.replica(), named.counter(), at)));
    }

    /**
     * Whether what a replica said at a place counts for nothing at a position. It need not have forgotten it: a faulty one
     * that asks to rejoin could go on with its old USIG as well, and vote once with each.
     */
    boolean isForgotten(ReplicaId replica, long place, SequenceNumber at) {
        return rules.isVoid(parts.rejoins.isVoid(replica, UniqueIdentifier.epochOf(place), at));
    }

    private boolean isHandled(Name name) {
        Stream stream = streams.of(name.replica());
        return name.counter() >= stream.start() && name.counter() < stream.next();
    }

    /**
     * What follows from these VIEW-CHANGEs for {@code view}, all of which have been handled; empty as long as something is
     * missing.
     */
    Optional<Outcome> outcomeOf(View view, SequenceNumber low, List<MinNewView.Reference> viewChanges) {
        SequenceNumber floor = low.isAfter(parts.window.low()) ? low : parts.window.low();
        NavigableMap<SequenceNumber, Candidate> best = new TreeMap<>();
        for (MinNewView.Reference reference : viewChanges) {
            Optional<Collection<Candidate>> candidates = candidates(reference, view, floor);
            if (candidates.isEmpty()) {
                return Optional.empty();
            }
            for (Candidate candidate : candidates.get()) {
                best.merge(candidate.prepare.sequenceNumber(), candidate, this::better);
            }
        }
        NavigableMap<SequenceNumber, Digest> digests = new TreeMap<>();
        best.forEach((at, candidate) -> digests.put(at, candidate.prepare.digest()));
        return Optional.of(new Outcome(low, floor, digests));
    }

    private Candidate better(Candidate one, Candidate other) {
        return rules.goesBefore(one.prepare, one.counter, other.prepare, other.counter) ? one : other;
    }

    /**
     * The candidates above {@code floor} in what one replica said before its VIEW-CHANGE for {@code view}; empty if it
     * cannot be told yet.
     */
    Optional<Collection<Candidate>> candidates(MinNewView.Reference viewChange, View view, SequenceNumber floor) {
        Map<Name, Candidate> all = new TreeMap<>();
        Stream stream = streams.of(viewChange.replica());
        for (Map.Entry<Long, Verified<? extends ReplicaMessage>> entry :
                stream.log.headMap(viewChange.counter(), false).entrySet()) {
            Optional<Candidate> candidate =
                    candidateIn(entry.getKey(), entry.getValue().message());
            if (candidate.isEmpty()) {
                continue;
            }
            MinPrepare prepare = candidate.get().prepare;
            if (!rules.isCandidate(prepare, view, floor)) {
                continue;
            }
            if (isForgotten(stream.of, entry.getKey(), prepare.sequenceNumber())
                    || isForgotten(prepare.replica(), candidate.get().counter, prepare.sequenceNumber())
                    || isVoid(prepare.view(), prepare.newView(), prepare.sequenceNumber())) {
                continue;
            }
            Optional<Outcome> outcome = outcome(prepare.view(), prepare.newView());
            if (outcome.isEmpty()) {
                if (prepare.view().equals(View.ZERO) || isInvalid(prepare.view(), prepare.newView())) {
                    continue; // Whatever is still to come.
                }
                return Optional.empty();
            }
            if (rules.mayStand(prepare, outcome.get().allows(prepare.sequenceNumber(), prepare.digest()))) {
                all.put(new Name(prepare.replica(), candidate.get().counter), candidate.get());
            }
        }
        return Optional.of(all.values());
    }

    private static Optional<Candidate> candidateIn(long counter, ReplicaMessage message) {
        if (message instanceof MinPrepare prepare) {
            return Optional.of(new Candidate(prepare, counter));
        }
        if (message instanceof MinCommit commit) {
            return Optional.of(
                    new Candidate(commit.prepare(), commit.prepareUi().place()));
        }
        return Optional.empty();
    }
}
