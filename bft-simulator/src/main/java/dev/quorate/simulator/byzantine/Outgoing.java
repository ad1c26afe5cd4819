package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.Optional;

/**
 * Something that a faulty replica is about to send.
 *
 * @param message what it says; empty if the frame is no message
 * @param delayNanos how much later it is sent
 */
public record Outgoing(Peer to, Optional<Verified<? extends Message>> message, Bytes frame, long delayNanos) {
    public static Outgoing of(Peer to, Verified<? extends Message> message) {
        return new Outgoing(to, Optional.of(message), message.frame(), 0);
    }

    /** Bytes that need not be a message. */
    public static Outgoing raw(Peer to, Bytes frame) {
        return new Outgoing(to, Optional.empty(), frame, 0);
    }

    /** The same, sent later by so much. */
    public Outgoing later(long nanos) {
        return new Outgoing(to, message, frame, delayNanos + nanos);
    }

    /** Another message to the same receiver. */
    public Outgoing saying(Verified<? extends Message> other) {
        return new Outgoing(to, Optional.of(other), other.frame(), delayNanos);
    }

    /** The message, if it is one of this type. */
    public <M extends Message> Optional<M> as(Class<M> type) {
        return message.map(Verified::message).filter(type::isInstance).map(type::cast);
    }
}
