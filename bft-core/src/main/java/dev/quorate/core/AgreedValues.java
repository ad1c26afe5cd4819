package dev.quorate.core;

import dev.quorate.crypto.Bytes;
import java.time.Instant;

/**
 * What the replicas agreed on for a batch, beside its requests: for a service that needs a clock, randomness, or
 * something from outside.
 *
 * @param time the primary's clock, which correct replicas checked against theirs; never goes back from batch to batch
 * @param seed bytes that clients could not foresee. A faulty primary chooses them as it likes: not for lotteries
 * @param prediction what {@link PredictingService#predict} said at the primary, and enough replicas accepted; empty for
 *     services that do not predict
 */
public record AgreedValues(Instant time, Bytes seed, Bytes prediction) {
    /** For an operation that stands in no batch. */
    public static final AgreedValues NONE = new AgreedValues(Instant.EPOCH, Bytes.EMPTY, Bytes.EMPTY);
}
