package dev.quorate.core.wire;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Message;
import java.util.Optional;

/**
 * What a protocol demands of one message by itself, beyond its format and signatures. Stateless, and called by several
 * threads at once, before any signature is verified: so it has to be cheap.
 */
@FunctionalInterface
public interface MessageRules {
    /** Why {@code message} cannot be right whatever the state of the replica is; empty if it can. */
    Optional<RejectionReason> violation(Message message);
}
