package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;

/**
 * REQ-VIEW-CHANGE: a replica suspects the primary and wants {@code view} (Veronese et al. 2013, section 5.3). It stays
 * where it is until {@code f+1} replicas want to leave: one that is cut off, or lies, moves nobody and leaves nothing.
 */
public record ReqViewChange(ReplicaId replica, View view) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.REQ_VIEW_CHANGE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
