package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Checkpoints and their certificates (Castro and Liskov 1999, section 4.3). A checkpoint is stable when a certificate
 * quorum vouches for the same root; it then moves the window at once, whether or not this replica is there yet.
 *
 * <p>Bounds: of each replica as many CHECKPOINTs as a window holds, and two. Not final: tests put in others that do not
 * compare roots, to see that somebody notices.
 */
public class Checkpoints {
    private static final byte[] DOMAIN = "quorate-checkpoint\0".getBytes(StandardCharsets.US_ASCII);

    private final ReplicaId self;
    private final int quorum;
    private final Sealer sealer;
    private final Window window;
    private final Effects effects;

    /** The newest CHECKPOINTs of each replica. */
    private final Map<ReplicaId, NavigableMap<SequenceNumber, Verified<Checkpoint>>> votes = new TreeMap<>();
    /** The session table at each own checkpoint whose snapshot is being taken. */
    private final NavigableMap<SequenceNumber, Bytes> sessionTables = new TreeMap<>();

    private StableCertificate certificate = StableCertificate.INITIAL;
    private boolean diverged;

    /** Checkpoints that are stable when {@code quorum} replicas vouch for them. */
    public Checkpoints(ReplicaId self, int quorum, Sealer sealer, Window window, Effects effects) {
        this.self = self;
        this.quorum = quorum;
        this.sealer = sealer;
        this.window = window;
        this.effects = effects;
    }

    /** What proves the last stable checkpoint to anybody. */
    public StableCertificate certificate() {
        return certificate;
    }

    /** Whether this replica's state differs from one that a quorum vouches for. */
    public boolean hasDiverged() {
        return diverged;
    }

    /** What stands for the whole state at one sequence number. */
    static Digest root(SequenceNumber at, Digest service, Bytes sessionTable) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(at.value()).array();
        return Digest.sha256(
                DOMAIN, number, service.toArray(), Digest.sha256(sessionTable).toArray());
    }

    /** The service has just executed the last batch of an interval: has its state written. */
    public void begin(SequenceNumber at, Bytes sessionTable) {
        sessionTables.put(at, sessionTable);
        effects.add(new Effect.TakeSnapshot(at));
    }

    /** The service's state is written: tells everybody. Returns whether a checkpoint became stable. */
    public boolean complete(Event.SnapshotTaken event) {
        Bytes sessionTable = sessionTables.remove(event.sequenceNumber());
        if (sessionTable == null) {
            effects.add(new Effect.Halt("a snapshot of " + event.sequenceNumber() + " that was not asked for"));
            return false;
        }
        Digest root = root(event.sequenceNumber(), event.snapshot().digest(), sessionTable);
        Verified<Checkpoint> own = sealer.seal(new Checkpoint(self, event.sequenceNumber(), root));
        effects.add(new Effect.Persist(event.sequenceNumber(), own.frame()));
        effects.add(new Effect.Broadcast(own));
        if (event.sequenceNumber().equals(window.low())) {
            compare(root);
        }
        return add(own);
    }

    /** Counts a vote. Returns whether a checkpoint became stable. */
    public boolean add(Verified<Checkpoint> vote) {
        Checkpoint checkpoint = vote.message();
        SequenceNumber at = checkpoint.sequenceNumber();
        if (!window.isCheckpoint(at) || !at.isAfter(window.low())) {
            effects.reject(RejectionReason.OUT_OF_WINDOW, vote);
            return false;
        }
        NavigableMap<SequenceNumber, Verified<Checkpoint>> own =
                votes.computeIfAbsent(checkpoint.replica(), replica -> new TreeMap<>());
        Verified<Checkpoint> first = own.putIfAbsent(at, vote);
        if (first != null) {
            refuseSecond(first, vote);
            return false;
        }
        if (own.size() > window.checkpoints() + 2) {
            own.pollFirstEntry();
        }
        List<Verified<Checkpoint>> matching = votes.values().stream()
                .map(of -> of.get(at))
                .filter(other -> other != null && agree(other.message(), checkpoint))
                .toList();
        if (matching.size() < quorum) {
            return false;
        }
        stabilise(new StableCertificate(
                matching.stream().limit(quorum).map(Verified::signed).toList()));
        return true;
    }

    /** Whether two votes for one sequence number vouch for the same state. */
    protected boolean agree(Checkpoint one, Checkpoint other) {
        return one.root().equals(other.root());
    }

    /** Believes a certificate that came in one piece. Returns whether it moved the window. */
    public boolean learn(StableCertificate proof) {
        if (!proof.sequenceNumber().isAfter(window.low())) {
            return false;
        }
        stabilise(proof);
        return true;
    }

    private void refuseSecond(Verified<Checkpoint> first, Verified<Checkpoint> second) {
        if (first.message().root().equals(second.message().root())) {
            effects.reject(RejectionReason.DUPLICATE, second);
        } else {
            effects.reject(RejectionReason.CONFLICTING, second);
            effects.report(new Notice.Equivocation(first.message().replica(), first.signed(), second.signed()));
        }
    }

    private void stabilise(StableCertificate proof) {
        SequenceNumber stable = proof.sequenceNumber();
        window.moveTo(stable);
        certificate = proof;
        effects.report(new Notice.CheckpointStable(stable, proof.root()));
        Verified<Checkpoint> own = votes.getOrDefault(self, new TreeMap<>()).get(stable);
        if (own != null) {
            compare(own.message().root());
        }
        votes.values().forEach(of -> of.headMap(stable, true).clear());
    }

    private void compare(Digest own) {
        if (!own.equals(certificate.root())) {
            diverged = true;
            effects.report(new Notice.Diverged(certificate.sequenceNumber(), own, certificate.root()));
        }
    }
}
