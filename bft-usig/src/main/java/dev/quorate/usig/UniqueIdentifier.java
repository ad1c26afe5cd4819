package dev.quorate.usig;

import dev.quorate.crypto.Bytes;

/**
 * A unique identifier (UI): what a USIG gives out for one message (Veronese et al. 2013, section 4.1).
 *
 * <p>Whoever decodes one from outside checks {@link #isWellFormed} first.
 *
 * @param epoch the USIG's epoch: a USIG that lost its counter starts a new one, with a new key; at least 0
 * @param counter 1 for the first message of an epoch, then consecutive
 * @param certificate the USIG's proof that it bound this counter to this message and to no other; at most
 *     {@value #MAX_CERTIFICATE_BYTES} bytes
 */
public record UniqueIdentifier(long epoch, long counter, Bytes certificate) {
    private static final int COUNTER_BITS = 40;
    /** The highest counter that a replica can make use of: a trillion. */
    public static final long MAX_COUNTER = (1L << COUNTER_BITS) - 1;
    /** The highest epoch that a replica can make use of. */
    public static final long MAX_EPOCH = (1L << 22) - 1;

    /** Enough for any signature in use; the bound on what is accepted from outside. */
    public static final int MAX_CERTIFICATE_BYTES = 1024;

    /** Throws {@link IllegalArgumentException} unless {@link #isWellFormed}. */
    public UniqueIdentifier {
        if (!isWellFormed(epoch, counter, certificate.length())) {
            throw new IllegalArgumentException("no unique identifier has epoch " + epoch + ", counter " + counter
                    + " and a certificate of " + certificate.length() + " bytes");
        }
    }

    /** Whether there can be an identifier with these numbers and a certificate of that many bytes. */
    public static boolean isWellFormed(long epoch, long counter, int certificateBytes) {
        return epoch >= 0 && counter >= 1 && certificateBytes >= 0 && certificateBytes <= MAX_CERTIFICATE_BYTES;
    }

    /**
     * Where a message stands in everything that its sender says with its USIGs: first by epoch, then by counter. In epoch 0
     * this is the counter.
     */
    public long place() {
        return epoch << COUNTER_BITS | counter;
    }

    /** The place of the first message in {@code epoch}. */
    public static long firstPlace(long epoch) {
        return epoch << COUNTER_BITS | 1;
    }

    /** The epoch of the message at a place. */
    public static long epochOf(long place) {
        return place >>> COUNTER_BITS;
    }
}
