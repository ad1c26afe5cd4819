package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;

/** STABLE: proves a stable checkpoint to somebody who is behind, in one piece. */
public record Stable(ReplicaId replica, StableCertificate certificate) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.STABLE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
