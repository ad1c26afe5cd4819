package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.crypto.Digest;
import java.util.Optional;

/**
 * PREPARE of MinBFT: the primary proposes a batch for a sequence number (Veronese et al. 2013, section 4.2). Carries the
 * primary's UI.
 *
 * @param newView the counter of the NEW-VIEW with which the primary began the view; 0 in view 0
 * @param batch beside the header, where it is not a header alone; always with this digest
 */
public record MinPrepare(
        ReplicaId replica, View view, SequenceNumber sequenceNumber, Digest digest, long newView, Optional<Batch> batch)
        implements ReplicaMessage {
    public MinPrepare {
        if (batch.isPresent() && !batch.get().digest().equals(digest)) {
            throw new IllegalArgumentException("the batch is not the one that the header names");
        }
    }

    /** The same without what travels beside it. */
    public MinPrepare header() {
        return new MinPrepare(replica, view, sequenceNumber, digest, newView, Optional.empty());
    }

    @Override
    public MessageType type() {
        return MessageType.MIN_PREPARE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
