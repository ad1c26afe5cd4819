package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The batches that this replica has executed last, also below the stable checkpoint: for those who are behind by less than
 * that. Without it, who takes longer to fetch a state than the others take to discard what follows would fetch the next
 * one, and so on for as long as there is load.
 *
 * <p>Bound: {@link dev.quorate.core.Limit#HISTORY_BYTES}. In memory only: after a restart it begins anew.
 */
final class History {
    private static final int OVERHEAD_BYTES = 256;

    private final long maxBytes;
    /** Only as they go over the wire: what is in them would take several times as much. */
    private final NavigableMap<SequenceNumber, Batch> batches = new TreeMap<>();

    private long bytes;

    History(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** {@code batch} is executed at {@code at}, the position after the last one. */
    void add(SequenceNumber at, Batch batch) {
        batches.put(at, new Batch(Optional.empty(), List.of(), ProposedValues.NONE, batch.encoded(), batch.digest()));
        bytes += size(batch);
        while (bytes > maxBytes) {
            bytes -= size(batches.pollFirstEntry().getValue());
        }
    }

    private static long size(Batch batch) {
        return (long) batch.encoded().length() + OVERHEAD_BYTES;
    }

    /** Another state was installed: what was executed before does not lead to what follows. */
    void startOver() {
        batches.clear();
        bytes = 0;
    }

    /** What was executed at a position: its digest and encoding, and nothing else. */
    Optional<Batch> find(SequenceNumber at) {
        return Optional.ofNullable(batches.get(at));
    }

    /** What was executed from the position after {@code executed} on; empty if that is not held any more. */
    List<Digest> digestsAfter(SequenceNumber executed, long atMost) {
        List<Digest> digests = new ArrayList<>();
        if (batches.containsKey(executed.next())) {
            for (Map.Entry<SequenceNumber, Batch> entry :
                    batches.tailMap(executed, false).entrySet()) {
                if (digests.size() == atMost) {
                    break;
                }
                digests.add(entry.getValue().digest());
            }
        }
        return digests;
    }
}
