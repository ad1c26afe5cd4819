package dev.quorate.core.pbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.Signed;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a replica holds for one sequence number. Votes may come before what they are for.
 *
 * <p>Bound: one proposal, {@code n} votes of each kind, and the batches of the proposal, of the certificate, of the
 * decision, and of what this replica voted for here: one for each view since the last stable checkpoint at most.
 */
final class Slot {
    final SequenceNumber sequenceNumber;
    private final VoteCollector.Factory factory;

    // --- of the current view
    VoteCollector<Digest, Verified<Prepare>> prepares;
    VoteCollector<Digest, Verified<Commit>> commits;
    /** The header of the one proposal that was accepted; null before. */
    Signed<PrePrepare> proposal;
    /** The proposal as it came, with its batch; null if a NEW-VIEW brought it. */
    Verified<PrePrepare> proposalFrame;
    /** What this replica thinks of the values in the proposal. */
    ValuesCheck.Judgement judgement = new ValuesCheck.Judgement();
    /** This replica's own votes; null before it voted. */
    Verified<Prepare> ownPrepare;

    Verified<Commit> ownCommit;
    boolean prepared;
    /** Whether the proposal and its batch are in the store. */
    boolean stored;
    /** Whether the PREPAREs are, with which it prepared in this view. */
    boolean storedPrepared;

    // --- whatever the view
    /** What shows that something prepared here, of the highest view in which it did; null if nothing did. */
    PreparedCertificate certificate;

    /** Without the messages: each is about many positions, and would be held here for one of them. */
    final VoteCollector<Digest, ReplicaId> committedElsewhere;
    /** What is committed here; null before. */
    Digest decided;

    private final Map<Digest, Batch> batches = new TreeMap<>();
    /**
     * What this replica voted for. Somebody else may have prepared with its vote, and demand it in a later view; if that one
     * is faulty, only those who voted have the batch.
     */
    private final Set<Digest> votedFor = new TreeSet<>();

    Slot(SequenceNumber sequenceNumber, VoteCollector.Factory factory) {
        this.sequenceNumber = sequenceNumber;
        this.factory = factory;
        this.prepares = factory.create();
        this.commits = factory.create();
        this.committedElsewhere = factory.create();
    }

    /** A new view: nobody has said anything in it. */
    void startOver() {
        prepares = factory.create();
        commits = factory.create();
        proposal = null;
        proposalFrame = null;
        judgement = new ValuesCheck.Judgement();
        ownPrepare = null;
        ownCommit = null;
        prepared = false;
        stored = false;
        storedPrepared = false;
        batches.keySet().removeIf(digest -> !wants(digest));
    }

    /** Whether another batch than that of {@code digest} was accepted in this view. */
    boolean contradicts(Digest digest) {
        return proposal != null && !proposal.message().digest().equals(digest);
    }

    Optional<Batch> batch(Digest digest) {
        Batch nullBatch = Batches.nullBatch();
        return digest.equals(nullBatch.digest()) ? Optional.of(nullBatch) : Optional.ofNullable(batches.get(digest));
    }

    /** This replica votes for a batch, and so keeps it. */
    void voteFor(Digest digest) {
        votedFor.add(digest);
    }

    /** Keeps a batch if it is one that this position is about. */
    boolean offer(Batch batch) {
        return wants(batch.digest()) && batches.putIfAbsent(batch.digest(), batch) == null;
    }

    private boolean wants(Digest digest) {
        return (proposal != null && proposal.message().digest().equals(digest))
                || (certificate != null && certificate.digest().equals(digest))
                || digest.equals(decided)
                || votedFor.contains(digest);
    }

    /** The digest of a batch that is proposed or decided, but not here; empty if there is none. */
    Optional<Digest> missing() {
        if (decided != null && batch(decided).isEmpty()) {
            return Optional.of(decided);
        }
        if (proposal != null && batch(proposal.message().digest()).isEmpty()) {
            return Optional.of(proposal.message().digest());
        }
        return Optional.empty();
    }

    /** The batch that is committed here, if it is held. */
    Optional<Batch> committedBatch() {
        return decided == null ? Optional.empty() : batch(decided);
    }
}
