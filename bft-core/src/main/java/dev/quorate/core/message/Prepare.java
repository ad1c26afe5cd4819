package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.crypto.Digest;

/** PREPARE: a backup accepts the primary's proposal (Castro and Liskov 1999, section 4.2). */
public record Prepare(ReplicaId replica, View view, SequenceNumber sequenceNumber, Digest digest)
        implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.PREPARE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
