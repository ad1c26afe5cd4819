package dev.quorate.core.message;

/** Anything that replicas and clients say to each other. */
public sealed interface Message permits ClientMessage, ReplicaMessage {
    MessageType type();

    <R> R accept(MessageVisitor<R> visitor);
}
