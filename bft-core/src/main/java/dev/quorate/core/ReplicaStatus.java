package dev.quorate.core;

import dev.quorate.core.storage.Durability;
import java.util.List;
import java.util.Optional;

/**
 * Where a replica stands, as it says itself.
 *
 * @param ordered the highest sequence number for which it holds an accepted proposal
 * @param executed the last one executed
 * @param stable the last stable checkpoint that it knows
 * @param pendingRequests how many requests wait at it to be ordered or executed
 * @param connectedReplicas the other replicas to which it has a channel, in the order of their ids
 * @param connectedClients how many clients are connected to it
 * @param rejectedMessages how many messages it has rejected since it started, but for those that follow
 * @param surplusMessages how many it had no use for because it had them already, or had no room for them, as is normal
 *     after a loss, or under load
 * @param rejoining empty if it takes part. Otherwise it has lost its memory, only listens, and counts among the faulty
 *     ones, until a checkpoint at or above this is stable; 0 as long as its REJOIN has not been executed
 * @param durability what its store promises, and so what of its memory survives; empty if it has no store
 */
public record ReplicaStatus(
        ReplicaId replica,
        View view,
        ReplicaId primary,
        SequenceNumber ordered,
        SequenceNumber executed,
        SequenceNumber stable,
        int pendingRequests,
        List<ReplicaId> connectedReplicas,
        int connectedClients,
        long rejectedMessages,
        long surplusMessages,
        Optional<SequenceNumber> rejoining,
        Optional<Durability> durability) {
    public ReplicaStatus {
        if (pendingRequests < 0 || connectedClients < 0 || rejectedMessages < 0 || surplusMessages < 0) {
            throw new IllegalArgumentException("a negative count");
        }
        connectedReplicas = List.copyOf(connectedReplicas);
    }
}
