package dev.quorate.transport.driver;

import dev.quorate.core.message.Message;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.wire.Verified;
import java.util.concurrent.CompletableFuture;

/** What waits for the replica thread. */
sealed interface Work {
    /**
     * A valid message.
     *
     * @param source whose room it takes up until it has been handled
     */
    record Received(Verified<? extends Message> message, InboundQueue source) implements Work {}

    /** Anything else that the protocol has to know. */
    record Happened(Event event) implements Work {}

    /** Somebody asks where the replica stands. */
    record Query(CompletableFuture<ProtocolStatus> answer) implements Work {}
}
