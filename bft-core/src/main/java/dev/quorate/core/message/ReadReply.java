package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;

/**
 * READ-REPLY: what a replica reads in the last state that it executed.
 *
 * @param stamp the position at which what was read last changed, as far as the service says so; or else the last one that
 *     the replica executed. Equal results alone would not be enough: a value may come back
 */
public record ReadReply(ReplicaId replica, RequestId read, SequenceNumber stamp, Answer answer)
        implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.READ_REPLY;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
