package dev.quorate.core.smr;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import java.util.Optional;

/**
 * Where a replica stands.
 *
 * @param ordered the highest sequence number for which it holds an accepted proposal
 * @param executed the last one executed
 * @param stable the last stable checkpoint that it knows ({@code h})
 * @param pendingRequests how many requests wait to be ordered or executed
 * @param logEntries how many positions of the window hold anything
 * @param rejoining see {@link dev.quorate.core.ReplicaStatus#rejoining}
 */
public record ProtocolStatus(
        View view,
        ReplicaId primary,
        SequenceNumber ordered,
        SequenceNumber executed,
        SequenceNumber stable,
        int pendingRequests,
        int logEntries,
        Optional<SequenceNumber> rejoining) {}
