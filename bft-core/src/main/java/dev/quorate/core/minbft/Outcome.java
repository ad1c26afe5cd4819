package dev.quorate.core.minbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.wire.Batches;
import dev.quorate.crypto.Digest;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a NEW-VIEW demands to be proposed again, as far as this replica needs to know: its stable checkpoint when it found
 * out may be above the NEW-VIEW's.
 *
 * @param low the stable checkpoint after which the new primary's proposals begin
 * @param floor what is below is stable, so that this replica need not know what it was; at least {@code low}
 * @param digests the batches to propose again, by position above the floor; where none stands before the last one, the
 *     null batch
 */
record Outcome(SequenceNumber low, SequenceNumber floor, NavigableMap<SequenceNumber, Digest> digests) {
    /** That of view 0, which nothing came before. */
    static final Outcome OF_VIEW_ZERO = new Outcome(SequenceNumber.ZERO, SequenceNumber.ZERO, new TreeMap<>());

    /** The last position that is proposed again; the floor if nothing is. */
    SequenceNumber high() {
        return digests.isEmpty() ? floor : digests.lastKey();
    }

    /** Whether a batch may stand at {@code at}. */
    boolean allows(SequenceNumber at, Digest digest) {
        return at.isAfter(low) && (!at.isAfter(floor) || at.isAfter(high()) || digest.equals(demanded(at)));
    }

    /** Whether it can be told what has to stand at {@code at}. */
    boolean knows(SequenceNumber at) {
        return at.isAfter(floor);
    }

    /** What has to stand at a position up to {@link #high} that {@link #knows} is true of. */
    Digest demanded(SequenceNumber at) {
        return digests.getOrDefault(at, Batches.nullBatch().digest());
    }
}
