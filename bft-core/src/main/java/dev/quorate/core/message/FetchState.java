package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;

/**
 * FETCH-STATE: a replica asks for a part of the state at a stable checkpoint (Castro and Liskov 2002, section 5.3).
 *
 * @param part 0 for the manifest, then the chunks from 1 on
 */
public record FetchState(ReplicaId replica, SequenceNumber sequenceNumber, int part) implements ReplicaMessage {
    public FetchState {
        if (part < 0) {
            throw new IllegalArgumentException("part " + part);
        }
    }

    @Override
    public MessageType type() {
        return MessageType.FETCH_STATE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
