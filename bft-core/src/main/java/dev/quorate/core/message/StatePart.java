package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;

/**
 * STATE-PART: the answer to {@link FetchState}. Nobody has to believe the sender: every part is checked against the
 * root of the checkpoint.
 *
 * @param content empty if the sender does not have it any more
 */
public record StatePart(ReplicaId replica, SequenceNumber sequenceNumber, int part, Bytes content)
        implements ReplicaMessage {
    public StatePart {
        if (part < 0) {
            throw new IllegalArgumentException("part " + part);
        }
    }

    @Override
    public MessageType type() {
        return MessageType.STATE_PART;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
