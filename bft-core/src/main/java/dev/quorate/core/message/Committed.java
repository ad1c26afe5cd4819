package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Digest;
import java.util.List;

/**
 * COMMITTED: what a replica has seen committed at {@code from} and the positions that follow it. {@code f+1} replicas
 * that say the same of a position commit it at whoever hears them, in any view: one of them is correct.
 */
public record Committed(ReplicaId replica, SequenceNumber from, List<Digest> digests) implements ReplicaMessage {
    public Committed {
        digests = List.copyOf(digests);
    }

    @Override
    public MessageType type() {
        return MessageType.COMMITTED;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
