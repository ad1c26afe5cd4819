package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;

/** INSPECTION: one replica's own word on where it stands. A faulty one may say anything. */
public record Inspection(ReplicaId replica, long nonce, ReplicaStatus status) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.INSPECTION;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
