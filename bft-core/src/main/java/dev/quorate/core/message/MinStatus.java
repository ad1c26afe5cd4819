package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import java.util.List;

/**
 * STATUS of MinBFT: where a replica is, so that its peers know what they lack.
 *
 * @param waiting whether it has left its last view for {@code view}, and is not in that one yet
 * @param handled the last counter that it handled of each replica's stream, in the order of the ids
 */
public record MinStatus(
        ReplicaId replica,
        View view,
        boolean waiting,
        SequenceNumber stable,
        SequenceNumber executed,
        List<Long> handled)
        implements ReplicaMessage {
    public MinStatus {
        handled = List.copyOf(handled);
    }

    @Override
    public MessageType type() {
        return MessageType.MIN_STATUS;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
