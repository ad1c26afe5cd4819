package dev.quorate.core.client;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.wire.MessageRules;
import java.util.Optional;

/** What replicas have to say to clients: answers. Anything else is refused before a signature in it is verified. */
public final class ClientRules implements MessageRules {
    @Override
    public Optional<RejectionReason> violation(Message message) {
        boolean answer = message.type() == MessageType.REPLY
                || message.type() == MessageType.READ_REPLY
                || message.type() == MessageType.INSPECTION;
        return answer ? Optional.empty() : Optional.of(RejectionReason.NOT_PERMITTED);
    }
}
