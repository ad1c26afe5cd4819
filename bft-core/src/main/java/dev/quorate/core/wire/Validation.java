package dev.quorate.core.wire;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Message;

/** What a {@link MessageValidator} makes of a frame. */
public sealed interface Validation {
    /** It may be believed. */
    record Accepted(Verified<? extends Message> message) implements Validation {}

    /**
     * It is dropped.
     *
     * @param detail for a log; bounded in length, and free of anything that the sender chose
     */
    record Rejected(RejectionReason reason, String detail) implements Validation {}
}
