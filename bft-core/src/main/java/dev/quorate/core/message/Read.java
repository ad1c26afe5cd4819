package dev.quorate.core.message;

import dev.quorate.core.ClientId;
import dev.quorate.crypto.Bytes;

/**
 * READ: a client asks for a read without having it ordered (Castro and Liskov 1999, section 5.1). Not signed: nobody
 * passes it on.
 *
 * @param id reads have numbers of their own, apart from those of requests
 */
public record Read(RequestId id, Bytes operation) implements ClientMessage {
    @Override
    public ClientId client() {
        return id.client();
    }

    @Override
    public MessageType type() {
        return MessageType.READ;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
