package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;

/** REPLY: a replica's answer to a client, which believes it when {@code f+1} replicas say the same result. */
public record Reply(ReplicaId replica, View view, RequestId request, Result result) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.REPLY;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
