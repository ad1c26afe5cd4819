package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;

/**
 * VIEW-CHANGE of MinBFT: the replica has left all views below {@code view}. What it said before has lower counters, and
 * its USIG keeps it from hiding any of that. Carries its UI.
 */
public record MinViewChange(ReplicaId replica, View view) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.MIN_VIEW_CHANGE;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
