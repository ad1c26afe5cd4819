package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Unproven;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Checkpoints and their certificates (Castro and Liskov 1999, section 4.3). A checkpoint is stable when a certificate
 * quorum vouches for the same root; it then moves the window at once, whether or not this replica is there yet.
 *
 * <p>Bounds: of each replica as many CHECKPOINTs as a window holds, and two; for the states, see {@link HeldStates}. Not final:
 * tests put in others that do not compare roots, to see that somebody notices.
 */
public class Checkpoints {
    /** The CHECKPOINTs of one replica that arrived last. */
    private static final class Votes {
        private final NavigableMap<SequenceNumber, Verified<Checkpoint>> at = new TreeMap<>();
        private final Deque<SequenceNumber> arrived = new ArrayDeque<>();

        /** The earlier one for the same sequence number, which stands; null if there is none. */
        private Verified<Checkpoint> add(Verified<Checkpoint> vote, int max) {
            SequenceNumber sequenceNumber = vote.message().sequenceNumber();
            Verified<Checkpoint> first = at.putIfAbsent(sequenceNumber, vote);
            if (first == null) {
                arrived.add(sequenceNumber);
                if (arrived.size() > max) {
                    // Not the lowest one: a faulty replica could push its part of a certificate out by far ones.
                    at.remove(arrived.remove());
                }
            }
            return first;
        }

        private void remove(SequenceNumber sequenceNumber) {
            at.remove(sequenceNumber);
            arrived.remove(sequenceNumber);
        }

        private void discardBelow(SequenceNumber lowest) {
            at.headMap(lowest, false).clear();
            arrived.removeIf(sequenceNumber -> sequenceNumber.compareTo(lowest) < 0);
        }
    }

    private final ReplicaId self;
    private final int quorum;
    private final Sealer sealer;
    private final Window window;
    private final Effects effects;

    private final Map<ReplicaId, Votes> votes = new TreeMap<>();
    private final HeldStates states;

    private StableCertificate certificate = StableCertificate.INITIAL;
    /** The checkpoints whose snapshots are being taken. */
    private final Set<SequenceNumber> requested = new TreeSet<>();

    private boolean diverged;
    /** The last checkpoint that this replica may have vouched for wrongly, because it had diverged. */
    private SequenceNumber wrongUpTo = SequenceNumber.ZERO;

    private boolean replacing;
    /** Whether that is because it has diverged. */
    private boolean mending;
    /** Whether this replica only listens. */
    private boolean silent;

    private final StallAlarm alarm = new StallAlarm();

    /** Checkpoints that are stable when {@code quorum} replicas vouch for them. */
    public Checkpoints(ReplicaId self, int quorum, Sealer sealer, Window window, Effects effects) {
        this.self = self;
        this.quorum = quorum;
        this.sealer = sealer;
        this.window = window;
        this.effects = effects;
        this.states = new HeldStates(window);
    }

    /** The states that this replica holds. */
    HeldStates states() {
        return states;
    }

    /** What proves the last stable checkpoint to anybody. */
    public StableCertificate certificate() {
        return certificate;
    }

    /**
     * This replica's votes that are of use to one whose last stable checkpoint is {@code stable}: at most as many as a window
     * holds, and two.
     */
    public Collection<Verified<Checkpoint>> ownVotes(SequenceNumber stable) {
        Votes own = votes.get(self);
        return own == null
                ? List.of()
                : Collections.unmodifiableCollection(
                        own.at.tailMap(lowest(stable), true).values());
    }

    /** The lowest sequence number at which a vote is of use to one whose last stable checkpoint is {@code stable}. */
    protected SequenceNumber lowest(SequenceNumber stable) {
        return stable.next();
    }

    private boolean isOfUse(SequenceNumber at) {
        return at.compareTo(lowest(window.low())) >= 0;
    }

    /** Whether this replica's state differs from one that a quorum vouches for. */
    public boolean hasDiverged() {
        return diverged;
    }

    /** A status interval has passed. */
    void onTick() {
        states.onTick();
        Votes own = votes.get(self);
        if (alarm.onTick(window.low(), own != null && own.at.containsKey(window.high()))) {
            reportStall(own.at.higherEntry(window.low()).getValue().message());
        }
    }

    private void reportStall(Checkpoint own) {
        Set<ReplicaId> agreeing = new TreeSet<>();
        Set<ReplicaId> differing = new TreeSet<>();
        votes.forEach((replica, of) -> {
            Verified<Checkpoint> vote = of.at.get(own.sequenceNumber());
            if (vote != null) {
                (agree(own, vote.message()) ? agreeing : differing).add(replica);
            }
        });
        effects.report(new Notice.CheckpointsStall(own.sequenceNumber(), agreeing, differing));
    }

    /** The service has just executed the last batch of an interval: has its state written. */
    public void begin(SequenceNumber at, Bytes bookkeeping) {
        requested.add(at);
        effects.add(new Effect.TakeSnapshot(at, bookkeeping));
    }

    /** The state is written: tells everybody. Returns whether a checkpoint became stable. */
    public boolean complete(Event.SnapshotTaken event) {
        SequenceNumber at = event.sequenceNumber();
        if (!requested.remove(at)) {
            effects.add(new Effect.Halt("a snapshot of " + at + " that was not asked for"));
            return false;
        }
        if (replacing) {
            return false; // Of the state that is being replaced.
        }
        states.add(at, event.image());
        Digest root = event.image().root(at);
        return !contradictsItself(at, root) && !silent && !diverged && vouch(at, root);
    }

    /** Tells everybody. Returns whether the checkpoint became stable. */
    private boolean vouch(SequenceNumber at, Digest root) {
        Verified<Checkpoint> own = sealer.seal(own(self, at, root));
        effects.add(new Effect.Persist(at, own.frame()));
        effects.add(new Effect.Broadcast(own));
        if (at.equals(window.low())) {
            compare(root);
        }
        return isOfUse(at) && add(own);
    }

    /**
     * Whether this replica said something else of that state: before a restart, so that its service is not deterministic;
     * or before its state was mended, so that there is nothing that it may say now.
     */
    private boolean contradictsItself(SequenceNumber at, Digest root) {
        Votes own = votes.get(self);
        Verified<Checkpoint> before = own == null ? null : own.at.get(at);
        if (before == null || before.message().root().equals(root)) {
            return false;
        }
        if (at.isAfter(wrongUpTo)) {
            diverged = true;
            effects.report(new Notice.Diverged(at, root, before.message().root()));
        }
        return true;
    }

    /** Whether this replica vouches for its states, or only listens. */
    void setSilent(boolean silent) {
        this.silent = silent;
    }

    /** This replica has states from before a restart, at least one; and may have crashed before it told anybody. */
    void recover(NavigableMap<SequenceNumber, StateImage> earlier) {
        states.recover(earlier);
        if (silent) {
            return;
        }
        Votes own = votes.getOrDefault(self, new Votes());
        states.aboveStable().forEach((at, image) -> {
            if (!own.at.containsKey(at)) {
                vouch(at, image.root(at));
            }
        });
    }

    /** What proves the stable checkpoint to anybody, and whatever else follows from it. */
    public List<StableCertificate> proofs() {
        return List.of(certificate);
    }

    /** This replica takes over a state that {@code proof} vouches for: whatever it had before is forgotten. */
    void adopt(StableCertificate proof, StateImage image) {
        Votes own = votes.get(self);
        if (diverged && own != null && !own.at.isEmpty()) {
            wrongUpTo = own.at.lastKey();
        }
        mending = diverged;
        diverged = false;
        replacing = true;
        states.replaceAll(proof.sequenceNumber(), image);
    }

    /** The state that was taken over is this replica's own now. Returns whether that mended it. */
    boolean adopted() {
        boolean mended = mending;
        replacing = false;
        mending = false;
        return mended;
    }

    /** What this replica says of its own state; protocols may have more to say. */
    protected Checkpoint own(ReplicaId replica, SequenceNumber at, Digest root) {
        return new Checkpoint(replica, at, root);
    }

    /** Whether a vote may become part of a certificate here. */
    protected boolean counts(Checkpoint checkpoint) {
        return true;
    }

    /** Whether a replica's second vote for a sequence number takes the place of its first. */
    protected boolean replaces(Checkpoint first, Checkpoint second) {
        return false;
    }

    /** This replica says again what it said of checkpoints, where its votes are of use and it has more to say now. */
    public void repeat() {
        Votes own = votes.get(self);
        if (own == null) {
            return;
        }
        for (Verified<Checkpoint> first : List.copyOf(own.at.values())) {
            Checkpoint before = first.message();
            Checkpoint now = own(self, before.sequenceNumber(), before.root());
            if (!now.equals(before)) {
                Verified<Checkpoint> again = sealer.seal(now);
                effects.add(new Effect.Broadcast(again));
                add(again);
            }
        }
    }

    /** Counts a vote. Returns whether a checkpoint became stable. */
    public boolean add(Verified<Checkpoint> vote) {
        Checkpoint checkpoint = vote.message();
        SequenceNumber at = checkpoint.sequenceNumber();
        if (!window.isCheckpoint(at) || !isOfUse(at)) {
            effects.reject(RejectionReason.OUT_OF_WINDOW, vote);
            return false;
        }
        Votes own = votes.computeIfAbsent(checkpoint.replica(), replica -> new Votes());
        Verified<Checkpoint> before = own.at.get(at);
        if (before != null && replaces(before.message(), checkpoint)) {
            own.remove(at);
        }
        Verified<Checkpoint> first = own.add(vote, window.checkpoints() + 2);
        if (first != null) {
            refuseSecond(first, vote);
            return false;
        }
        List<Verified<Checkpoint>> matching = votes.values().stream()
                .map(of -> of.at.get(at))
                .filter(other -> other != null && agree(other.message(), checkpoint) && counts(other.message()))
                .toList();
        if (matching.size() < quorum) {
            return false;
        }
        StableCertificate proof = new StableCertificate(
                matching.stream().limit(quorum).map(Verified::signed).toList());
        if (at.isAfter(window.low())) {
            stabilise(proof, List.of());
            return true;
        }
        if (proof.root().equals(certificate.root())) {
            formedAnother(proof);
        }
        return false;
    }

    /** Whether two votes for one sequence number vouch for the same state. */
    protected boolean agree(Checkpoint one, Checkpoint other) {
        return one.root().equals(other.root());
    }

    /** Believes a certificate that came in one piece. Returns whether it moved the window. */
    public boolean learn(StableCertificate proof) {
        return learn(proof, List.of());
    }

    private boolean learn(StableCertificate proof, List<Unproven> unproven) {
        if (!proof.sequenceNumber().isAfter(window.low())) {
            return false;
        }
        stabilise(proof, unproven);
        return true;
    }

    /** Somebody shows a certificate. Returns whether it moved the window. */
    public boolean onStable(Verified<Stable> received) {
        StableCertificate proof = received.message().certificate();
        boolean learned = learn(proof, received.unproven());
        boolean contradicts =
                proof.sequenceNumber().equals(window.low()) && !proof.root().equals(certificate.root());
        boolean useful = learned || (!contradicts && isProvenBy(proof, received.unproven()));
        if (!useful) {
            effects.reject(RejectionReason.DUPLICATE, received);
        }
        return learned;
    }

    /** A certificate was validated again, since something of it was unproven. */
    protected void onValidatedAgain(Verified<Stable> validated) {
        // Nothing asks for that here.
    }

    /**
     * The window has moved: protocols may have more to do.
     *
     * @param unproven what must not be believed of the certificate
     */
    protected void stabilised(StableCertificate proof, List<Unproven> unproven) {
        // Nothing more here.
    }

    /**
     * There is another certificate for the stable checkpoint, or for one before. Returns whether that is of any use.
     *
     * @param unproven what must not be believed of it
     */
    protected boolean isProvenBy(StableCertificate another, List<Unproven> unproven) {
        return false;
    }

    /** Votes that came later are another certificate for the stable checkpoint. */
    protected void formedAnother(StableCertificate another) {
        // Nothing asks for that here: see lowest.
    }

    private void refuseSecond(Verified<Checkpoint> first, Verified<Checkpoint> second) {
        if (first.message().root().equals(second.message().root())) {
            effects.reject(RejectionReason.DUPLICATE, second);
        } else {
            effects.reject(RejectionReason.CONFLICTING, second);
            effects.report(new Notice.Equivocation(first.message().replica(), first.signed(), second.signed()));
        }
    }

    private void stabilise(StableCertificate proof, List<Unproven> unproven) {
        SequenceNumber stable = proof.sequenceNumber();
        window.moveTo(stable);
        certificate = proof;
        stabilised(proof, unproven);
        effects.report(new Notice.CheckpointStable(stable, proof.root()));
        Verified<Checkpoint> own = votes.getOrDefault(self, new Votes()).at.get(stable);
        if (own != null && stable.isAfter(wrongUpTo)) {
            compare(own.message().root());
        } else if (own != null) {
            states.rootAt(stable).ifPresent(this::compare);
        }
        votes.values().forEach(of -> of.discardBelow(lowest(stable)));
        states.discard();
    }

    private void compare(Digest own) {
        if (!own.equals(certificate.root())) {
            diverged = true;
            effects.report(new Notice.Diverged(certificate.sequenceNumber(), own, certificate.root()));
        }
    }
}
