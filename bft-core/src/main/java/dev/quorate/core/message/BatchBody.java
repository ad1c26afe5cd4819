package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;

/** BATCH-BODY: the answer to {@link FetchBatch}. What it holds is checked against its digest, whoever sends it. */
public record BatchBody(ReplicaId replica, SequenceNumber sequenceNumber, Batch batch) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.BATCH_BODY;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
