package dev.quorate.core.message;

import dev.quorate.core.ClientId;
import dev.quorate.crypto.Bytes;

/** REQUEST: a client asks for an operation. Signed by the client. */
public record Request(RequestId id, Bytes operation) implements ClientMessage {
    @Override
    public ClientId client() {
        return id.client();
    }

    @Override
    public MessageType type() {
        return MessageType.REQUEST;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
