package dev.quorate.core.client;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;

/** What happens to a client. */
public sealed interface ClientEvent {
    /**
     * Somebody wants an operation executed.
     *
     * @param ticket names the invocation in {@link ClientEffect.Complete} and {@link ClientEffect.Fail}; unique
     */
    record Invoke(long ticket, Bytes operation) implements ClientEvent {}

    /** Somebody wants an operation answered that only reads; otherwise as {@link Invoke}. */
    record Read(long ticket, Bytes operation) implements ClientEvent {}

    record ReadReplyReceived(Verified<ReadReply> reply) implements ClientEvent {}

    record ReplyReceived(Verified<Reply> reply) implements ClientEvent {}

    /** A channel to a replica stands. */
    record Connected(ReplicaId replica) implements ClientEvent {}

    /** The channel to a replica broke. */
    record Disconnected(ReplicaId replica) implements ClientEvent {}

    /** The timer ran out that {@link ClientEffect.StartTimer} started. */
    record TimerFired(ClientTimer timer) implements ClientEvent {}
}
