package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.crypto.Digest;
import java.util.Optional;

/**
 * PRE-PREPARE: the primary proposes a batch for a sequence number (Castro and Liskov 1999, section 4.2).
 *
 * @param digest of the batch; this and the rest of the header is what the primary signs
 * @param batch beside the header, where it is not a header alone; always with this digest
 */
public record PrePrepare(
        ReplicaId replica, View view, SequenceNumber sequenceNumber, Digest digest, Optional<Batch> batch)
        implements ReplicaMessage {
    public PrePrepare {
        if (batch.isPresent() && !batch.get().digest().equals(digest)) {
            throw new IllegalArgumentException("the batch is not the one that the header names");
        }
    }

    @Override
    public MessageType type() {
        return MessageType.PRE_PREPARE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
