package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;

/**
 * STATUS: where a replica is, so that its peers send it what it lacks.
 *
 * @param waiting whether it has left its last view for {@code view}, and has not got that one's NEW-VIEW
 * @param stable the last stable checkpoint that it knows ({@code h})
 * @param executed the last sequence number that it executed
 */
public record Status(ReplicaId replica, View view, boolean waiting, SequenceNumber stable, SequenceNumber executed)
        implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.STATUS;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
