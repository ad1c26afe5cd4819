package dev.quorate.core.pbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.wire.MessageRules;
import java.util.Optional;

/** What PBFT demands of one message by itself: only a view's primary proposes, and only its backups prepare. */
public final class PbftRules implements MessageRules {
    private final int n;

    public PbftRules(int n) {
        this.n = n;
    }

    @Override
    public Optional<RejectionReason> violation(Message message) {
        if (message instanceof PrePrepare p && !p.view().primary(n).equals(p.replica())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        if (message instanceof Prepare p && p.view().primary(n).equals(p.replica())) {
            return Optional.of(RejectionReason.NOT_PRIMARY);
        }
        return Optional.empty();
    }
}
