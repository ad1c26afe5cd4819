package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import java.util.List;

/**
 * NEW-VIEW of MinBFT: the primary begins a view. What has to be proposed again follows from what the senders of the
 * VIEW-CHANGEs said before these, so they are only named: a UI makes sender and counter a name. Carries the primary's UI.
 *
 * @param low the primary's last stable checkpoint: its proposals begin after it
 * @param viewChanges the VIEW-CHANGEs of a quorum, in the order of the senders' ids
 */
public record MinNewView(ReplicaId replica, View view, SequenceNumber low, List<Reference> viewChanges)
        implements ReplicaMessage {
    public MinNewView {
        viewChanges = List.copyOf(viewChanges);
    }

    /** Names a message. */
    public record Reference(ReplicaId replica, long counter) {}

    @Override
    public MessageType type() {
        return MessageType.MIN_NEW_VIEW;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
