package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

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
    private final int weakQuorum;
    private final Window window;
    private Function<SequenceNumber, List<StreamPosition>> positions;
    /** What this replica itself said at the last checkpoints. */
    private final NavigableMap<SequenceNumber, List<StreamPosition>> own = new TreeMap<>();

    private List<StreamPosition> starts;
    /** What proves these: the stable checkpoint, and for each stream a certificate that has it begin there. */
    private List<StableCertificate> proofs = List.of();

    MinCheckpoints(
            MinParts rules, ReplicaId self, QuorumSystem quorums, Sealer sealer, Window window, Effects effects) {
        super(self, quorums.certificate(), sealer, window, effects);
        this.rules = rules;
        this.n = quorums.n();
        this.weakQuorum = quorums.weak();
        this.window = window;
        this.starts = Collections.nCopies(n, StreamPosition.FIRST);
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

    /**
     * One that would have everybody keep more than about two windows of a stream does not count: its sender is behind, and
     * says so again when it has caught up.
     */
    @Override
    protected boolean counts(Checkpoint checkpoint) {
        long windowBefore = checkpoint.sequenceNumber().value() - window.length();
        List<StreamPosition> least = windowBefore <= 0
                ? Collections.nCopies(n, StreamPosition.FIRST)
                : own.getOrDefault(new SequenceNumber(windowBefore), Collections.nCopies(n, StreamPosition.FIRST));
        for (int i = 0; i < n; i++) {
            if (checkpoint.streams().get(i).counter() < least.get(i).counter()) {
                return false;
            }
        }
        return true;
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

    /** What an earlier certificate proved of the streams stays proven, and this replica may have nothing before it. */
    @Override
    protected void stabilised(StableCertificate proof) {
        proofs = Stream.concat(Stream.of(proof), proofs.stream()).toList();
        starts = further(startsOf(proof));
        discardProofs();
    }

    /** Other signers may have been further: nothing before either start matters. */
    @Override
    protected boolean isProvenBy(StableCertificate another) {
        List<StreamPosition> merged = further(startsOf(another));
        if (merged.equals(starts)) {
            return false;
        }
        starts = merged;
        proofs = Stream.concat(proofs.stream(), Stream.of(another)).toList();
        discardProofs();
        return true;
    }

    private List<StreamPosition> further(List<StreamPosition> others) {
        List<StreamPosition> merged = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean further = others.get(i).counter() > starts.get(i).counter();
            merged.add(further ? others.get(i) : starts.get(i));
        }
        return merged;
    }

    /** Keeps the one of the stable checkpoint, which is the first, and those from which a start follows. */
    private void discardProofs() {
        Set<Integer> needed = new TreeSet<>();
        needed.add(0);
        for (int i = 0; i < n; i++) {
            needed.add(firstWithStart(i));
        }
        List<StableCertificate> all = proofs;
        proofs = needed.stream().map(all::get).toList();
    }

    private int firstWithStart(int replica) {
        int first = 0;
        while (!start(proofs.get(first), replica).equals(starts.get(replica))) {
            first++;
        }
        return first;
    }

    /**
     * The certificate of the stable checkpoint, and those, at most one for each stream, from which {@link #starts} follow:
     * whoever asks for something before these has to be shown all of them.
     */
    @Override
    public List<StableCertificate> proofs() {
        return proofs;
    }

    /** From where on the streams matter to one who has the state at the stable checkpoint. */
    List<StreamPosition> starts() {
        return rules.starts(starts, own.isEmpty() ? starts : own.lastEntry().getValue());
    }

    private List<StreamPosition> startsOf(StableCertificate certificate) {
        List<StreamPosition> of = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            of.add(start(certificate, i));
        }
        return of;
    }

    private StreamPosition start(StableCertificate certificate, int replica) {
        List<Checkpoint> signers =
                certificate.checkpoints().stream().map(Signed::message).toList();
        return rules.start(new ReplicaId(replica), signers, weakQuorum);
    }
}
