package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.usig.UniqueIdentifier;

/**
 * COMMIT of MinBFT: a backup accepts a PREPARE, whose header it carries (Veronese et al. 2013, section 4.2). Carries the
 * backup's UI.
 *
 * @param prepare the PREPARE, without its batch
 * @param prepareUi the primary's UI of it
 */
public record MinCommit(ReplicaId replica, MinPrepare prepare, UniqueIdentifier prepareUi) implements ReplicaMessage {
    @Override
    public MessageType type() {
        return MessageType.MIN_COMMIT;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
