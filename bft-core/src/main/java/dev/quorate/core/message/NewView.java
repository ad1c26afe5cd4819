package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import java.util.List;

/**
 * NEW-VIEW: the primary of {@code view} begins it (Castro and Liskov 1999, section 4.4). Whoever receives it computes
 * the outcome of the VIEW-CHANGEs anew and compares.
 *
 * @param viewChanges of a certificate quorum, in the order of their replicas' ids
 * @param proposals {@code O}: the header of a PRE-PREPARE of the new view for each position above the highest stable
 *     checkpoint, up to the highest that prepared anywhere; without a gap
 */
public record NewView(
        ReplicaId replica, View view, List<Signed<ViewChange>> viewChanges, List<Signed<PrePrepare>> proposals)
        implements ReplicaMessage {
    public NewView {
        viewChanges = List.copyOf(viewChanges);
        proposals = List.copyOf(proposals);
    }

    @Override
    public MessageType type() {
        return MessageType.NEW_VIEW;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
