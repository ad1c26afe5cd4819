package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;

/** FETCH-LOG: asks for the messages of a replica's stream, from a counter on. Whoever has them passes them on. */
public record FetchLog(ReplicaId replica, ReplicaId of, long from) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.FETCH_LOG;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
