package dev.quorate.simulator.node;

import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.network.Packet;

/**
 * Remembers what validators made of the last frames: what is sent again, and what a faulty replica sends to one after
 * the other, is the same object, and comes to the same result (see {@link Packet#validatedByReplica}). Saves time only.
 */
final class ValidatedFrames {
    private static final int SIZE = 1 << 11;

    private final Bytes[] frames = new Bytes[SIZE];
    private final Peer[] senders = new Peer[SIZE];
    private final Validation[] results = new Validation[SIZE];

    /** The same for a frame that {@code reader} kept, whoever sent it. */
    @SuppressWarnings("ReferenceEquality") // As below.
    Validation of(Bytes frame, Peer reader, MessageValidator validator) {
        int place = System.identityHashCode(frame) & (SIZE - 1);
        return frames[place] == frame ? results[place] : of(new Packet(reader, frame), validator);
    }

    /** What {@code validator} makes of the packet; all replicas have equal ones. */
    @SuppressWarnings("ReferenceEquality") // The very same frame: comparing bytes would cost what this saves.
    Validation of(Packet packet, MessageValidator validator) {
        int place = System.identityHashCode(packet.frame()) & (SIZE - 1);
        if (frames[place] == packet.frame() && senders[place].equals(packet.from())) {
            return results[place];
        }
        Validation result = packet.validatedByReplica(validator);
        frames[place] = packet.frame();
        senders[place] = packet.from();
        results[place] = result;
        return result;
    }
}
