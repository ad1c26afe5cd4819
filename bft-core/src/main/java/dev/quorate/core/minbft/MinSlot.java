package dev.quorate.core.minbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a replica holds for one sequence number.
 *
 * <p>Bound: for each view since the last stable checkpoint one proposal with its batch, and {@code n} votes.
 */
final class MinSlot {
    /** What happened here in one view. */
    static final class InView {
        /** The PREPARE that stood in order in the primary's stream; null before. */
        Verified<MinPrepare> proposal;
        /** For each backup that voted, the counter of the PREPARE that it voted for. The first vote stands. */
        final Map<ReplicaId, Long> votes = new TreeMap<>();
        /** Whether this replica has voted. */
        boolean voted;

        ValuesCheck.Judgement judgement = new ValuesCheck.Judgement();

        /** How many replicas stand behind the proposal; the PREPARE is the primary's own vote. */
        int count() {
            long counter = proposal.ui().place();
            return 1 + (int) votes.values().stream().filter(c -> c == counter).count();
        }
    }

    final SequenceNumber sequenceNumber;
    private final Map<View, InView> views = new TreeMap<>();
    private final Map<Digest, Batch> batches = new TreeMap<>();
    /** What is committed here; null before. */
    Digest decided;

    MinSlot(SequenceNumber sequenceNumber) {
        this.sequenceNumber = sequenceNumber;
    }

    InView in(View view) {
        return views.computeIfAbsent(view, v -> new InView());
    }

    /** Keeps the batch of a PREPARE that was handled. */
    void offer(Batch batch) {
        batches.putIfAbsent(batch.digest(), batch);
    }

    Optional<Batch> batch(Digest digest) {
        Batch nullBatch = Batches.nullBatch();
        return digest.equals(nullBatch.digest()) ? Optional.of(nullBatch) : Optional.ofNullable(batches.get(digest));
    }

    /** The batch that is committed here, if it is held. */
    Optional<Batch> committedBatch() {
        return decided == null ? Optional.empty() : batch(decided);
    }
}
