package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import java.util.List;

/**
 * VIEW-CHANGE: a replica has left its view for {@code view} (Castro and Liskov 1999, section 4.4). Digests only: the
 * batches stay where they are.
 *
 * @param stable the last stable checkpoint that it knows
 * @param prepared {@code P}: for each position above that which prepared at it, the certificate of the highest view; in
 *     the order of their sequence numbers
 */
public record ViewChange(ReplicaId replica, View view, StableCertificate stable, List<PreparedCertificate> prepared)
        implements ReplicaMessage {
    public ViewChange {
        prepared = List.copyOf(prepared);
    }

    @Override
    public MessageType type() {
        return MessageType.VIEW_CHANGE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
