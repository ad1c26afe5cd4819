package dev.quorate.core.message;

import dev.quorate.crypto.Bytes;

/**
 * What a primary proposes beside the requests of a batch, because replicas could not agree on it by themselves (Castro
 * and Liskov 1999, section 4.6, "non-determinism").
 *
 * @param timeMillis its wall-clock time, in milliseconds since 1970; at least 0
 * @param seed {@value #SEED_BYTES} bytes that nobody else could foresee; empty in a null batch
 * @param prediction what its service predicted; empty if that predicts nothing
 */
public record ProposedValues(long timeMillis, Bytes seed, Bytes prediction) {
    public static final int SEED_BYTES = 32;

    /** Those of a null batch. */
    public static final ProposedValues NONE = new ProposedValues(0, Bytes.EMPTY, Bytes.EMPTY);
}
