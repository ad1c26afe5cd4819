package dev.quorate.core.message;

import dev.quorate.core.ClientId;

/**
 * INSPECT: a client asks one replica where it stands. Not ordered, and answered outside the protocol.
 *
 * @param nonce comes back in the answer
 */
public record Inspect(ClientId client, long nonce) implements ClientMessage {
    @Override
    public MessageType type() {
        return MessageType.INSPECT;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
