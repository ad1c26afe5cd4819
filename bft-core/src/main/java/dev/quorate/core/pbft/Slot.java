package dev.quorate.core.pbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Optional;

/** What a replica holds for one sequence number in the current view. Votes may come before what they are for. */
final class Slot {
    final SequenceNumber sequenceNumber;
    final VoteCollector<Digest, Verified<Prepare>> prepares;
    final VoteCollector<Digest, Verified<Commit>> commits;

    /** The one proposal that was accepted; null before. */
    Verified<PrePrepare> prePrepare;
    /** This replica's own votes; null before it voted. */
    Verified<Prepare> ownPrepare;

    Verified<Commit> ownCommit;
    boolean prepared;
    boolean committed;

    Slot(SequenceNumber sequenceNumber, VoteCollector.Factory votes) {
        this.sequenceNumber = sequenceNumber;
        this.prepares = votes.create();
        this.commits = votes.create();
    }

    /** The batch of the accepted proposal. */
    Batch batch() {
        return prePrepare.message().batch().orElseThrow();
    }

    /** Whether another batch than that of {@code digest} was accepted. */
    boolean contradicts(Digest digest) {
        return prePrepare != null && !prePrepare.message().digest().equals(digest);
    }

    Optional<Batch> committedBatch() {
        return committed ? Optional.of(batch()) : Optional.empty();
    }
}
