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
    private final Object[] knowing = new Object[SIZE];
    private final Validation[] results = new Validation[SIZE];

    /** The same for a frame that {@code reader} kept, whoever sent it. */
    Validation of(Bytes frame, Peer reader, MessageValidator validator, Object known) {
        int place = place(frame);
        return has(place, frame, known) ? results[place] : of(new Packet(reader, frame), validator, known);
    }

    /**
     * What {@code validator} makes of the packet; all replicas that know the same USIGs have equal ones.
     *
     * @param known which USIGs the replica knows
     */
    Validation of(Packet packet, MessageValidator validator, Object known) {
        int place = place(packet.frame());
        if (has(place, packet.frame(), known) && senders[place].equals(packet.from())) {
            return results[place];
        }
        Validation result = packet.validatedByReplica(validator, known);
        frames[place] = packet.frame();
        senders[place] = packet.from();
        knowing[place] = known;
        results[place] = result;
        return result;
    }

    private static int place(Bytes frame) {
        return System.identityHashCode(frame) & (SIZE - 1);
    }

    @SuppressWarnings("ReferenceEquality") // The very same frame: comparing bytes would cost what this saves.
    private boolean has(int place, Bytes frame, Object known) {
        return frames[place] == frame && known.equals(knowing[place]);
    }
}
