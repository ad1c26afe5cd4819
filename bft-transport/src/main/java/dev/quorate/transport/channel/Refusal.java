package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;

/**
 * Why a connection ends.
 *
 * @param detail for people; bounded, and free of anything that the peer chose
 */
public record Refusal(RejectionReason reason, String detail) {}
