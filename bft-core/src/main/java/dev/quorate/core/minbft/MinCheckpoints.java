package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Unproven;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Checkpoints of MinBFT: they say, too, from where on each stream still matters. Signed, and not part of a stream, so that
 * nothing has to be handled before them.
 *
 * <p>A replica that holds {@code f+1} matching ones begins each stream at the lowest of the positions that these name: one
 * of the replicas is correct, so nothing before that concerns what is above the checkpoint. The sender's own word is not
 * enough, for it could hide a COMMIT before it.
 */
final class MinCheckpoints extends Checkpoints {
    private final MinParts rules;
    private final int n;
    private final ReplicaId self;
    private final Sealer sealer;
    private final Window window;
    private final Effects effects;
    private Function<SequenceNumber, List<StreamPosition>> positions;
    /** What this replica itself said at the last checkpoints. */
    private final NavigableMap<SequenceNumber, List<StreamPosition>> own = new TreeMap<>();

    private final StreamStarts starts;

    MinCheckpoints(
            MinParts rules, ReplicaId self, QuorumSystem quorums, Sealer sealer, Window window, Effects effects) {
        super(self, quorums.certificate(), sealer, window, effects);
        this.rules = rules;
        this.n = quorums.n();
        this.self = self;
        this.sealer = sealer;
        this.window = window;
        this.effects = effects;
        this.starts = new StreamStarts(rules, n, quorums.weak());
    }

    /** Where the streams stand, for one who has the state at a checkpoint. To be called once. */
    void set(Function<SequenceNumber, List<StreamPosition>> positionsAfter) {
        positions = positionsAfter;
    }

    @Override
    protected Checkpoint own(ReplicaId self, SequenceNumber at, Digest root) {
        List<StreamPosition> now = positions.apply(at);
        own.put(at, now);
        own.headMap(new SequenceNumber(Math.max(0, window.low().value() - 2 * window.length())), true)
                .clear();
        return new Checkpoint(self, at, root, now);
    }

    /** One of its own may be from before a restart, which it remembers by this. */
    @Override
    public boolean add(Verified<Checkpoint> vote) {
        Checkpoint checkpoint = vote.message();
        if (checkpoint.replica().equals(self) && checkpoint.sequenceNumber().compareTo(window.low()) >= 0) {
            own.putIfAbsent(checkpoint.sequenceNumber(), checkpoint.streams());
        }
        return super.add(vote);
    }

    /**
     * One that would have everybody keep more than about two windows of a stream does not count: its sender is behind, and
     * says so again when it has caught up.
     */
    @Override
    protected boolean counts(Checkpoint checkpoint) {
        return keepsNotTooMuch(checkpoint.sequenceNumber(), checkpoint.streams());
    }

    private boolean keepsNotTooMuch(SequenceNumber at, List<StreamPosition> positionsThere) {
        long windowBefore = at.value() - window.length();
        List<StreamPosition> least = windowBefore <= 0
                ? Collections.nCopies(n, StreamPosition.FIRST)
                : own.getOrDefault(new SequenceNumber(windowBefore), Collections.nCopies(n, StreamPosition.FIRST));
        for (int i = 0; i < n; i++) {
            if (!rules.keepsNotTooMuch(
                    positionsThere.get(i).counter(), least.get(i).counter())) {
                return false;
            }
        }
        return true;
    }

    /** By a certificate that was shown in one piece too much may be kept: other signers may have it keep less. */
    @Override
    protected SequenceNumber lowest(SequenceNumber stable) {
        return stable;
    }

    /** Only where the starts keep too much: as a rule the certificates of correct replicas are as good as each other. */
    @Override
    protected void formedAnother(StableCertificate another) {
        if (!keepsNotTooMuch(another.sequenceNumber(), starts.starts())) {
            starts.add(another, List.of());
        }
    }

    @Override
    protected boolean agree(Checkpoint one, Checkpoint other) {
        return rules.agree(one, other);
    }

    /** The same replica may vouch for the same state again, and be further in the streams. */
    @Override
    protected boolean replaces(Checkpoint first, Checkpoint second) {
        return first.root().equals(second.root()) && !first.streams().equals(second.streams());
    }

    @Override
    protected void stabilised(StableCertificate proof, List<Unproven> unproven) {
        starts.stabilised(proof, unproven);
    }

    @Override
    protected boolean isProvenBy(StableCertificate another, List<Unproven> unproven) {
        return starts.add(another, unproven);
    }

    /** This replica has the state at the stable checkpoint, and so knows the USIGs that a certificate may rest on. */
    void judgeStarts() {
        starts.nextToJudge()
                .ifPresent(proof -> effects.add(new Effect.ValidateAgain(sealer.seal(new Stable(self, proof)))));
    }

    /** Whether the starts follow from the stable checkpoint as well. */
    boolean haveJudgedStarts() {
        return starts.areJudged();
    }

    @Override
    protected void onValidatedAgain(Verified<Stable> validated) {
        starts.judged(validated.message().certificate(), validated.unproven());
    }

    /**
     * The certificate of the stable checkpoint, and those, at most one for each stream, from which {@link #starts} follow:
     * whoever asks for something before these has to be shown all of them.
     */
    @Override
    public List<StableCertificate> proofs() {
        return rules.shown(starts.proofs());
    }

    /** From where on the streams matter to one who has the state at the stable checkpoint. */
    List<StreamPosition> starts() {
        List<StreamPosition> proven = starts.starts();
        return rules.starts(proven, own.isEmpty() ? proven : own.lastEntry().getValue());
    }
}
