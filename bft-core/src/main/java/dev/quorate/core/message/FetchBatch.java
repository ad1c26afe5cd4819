package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Digest;

/** FETCH-BATCH: a replica knows a batch by its digest only, and asks for the rest. */
public record FetchBatch(ReplicaId replica, SequenceNumber sequenceNumber, Digest digest) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.FETCH_BATCH;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
