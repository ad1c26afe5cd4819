package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Digest;
import java.util.List;

/**
 * CHECKPOINT: a replica's state after executing up to a sequence number (Castro and Liskov 1999, section 4.3).
 *
 * @param root stands for the whole state: the service's and the replica's bookkeeping
 * @param streams in MinBFT, for each replica in the order of the ids, from where on its messages still matter; need not
 *     be the same in the CHECKPOINTs of different replicas. Empty in PBFT
 */
public record Checkpoint(ReplicaId replica, SequenceNumber sequenceNumber, Digest root, List<StreamPosition> streams)
        implements ReplicaMessage {
    public Checkpoint {
        streams = List.copyOf(streams);
    }

    /** A CHECKPOINT of PBFT. */
    public Checkpoint(ReplicaId replica, SequenceNumber sequenceNumber, Digest root) {
        this(replica, sequenceNumber, root, List.of());
    }

    @Override
    public MessageType type() {
        return MessageType.CHECKPOINT;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
