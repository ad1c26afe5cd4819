package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Digest;

/**
 * CHECKPOINT: a replica's state after executing up to a sequence number (Castro and Liskov 1999, section 4.3).
 *
 * @param root stands for the whole state: the service's and the session table
 */
public record Checkpoint(ReplicaId replica, SequenceNumber sequenceNumber, Digest root) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.CHECKPOINT;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
