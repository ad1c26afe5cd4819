package dev.quorate.simulator.network;

import dev.quorate.simulator.kernel.Randomness;

/**
 * How a link treats frames.
 *
 * @param minDelayNanos the least delay
 * @param spreadNanos what is added to it at most, evenly distributed
 * @param tail the share of frames that take up to {@code tailFactor} times as long
 * @param tailFactor at least 1
 * @param loss the share of frames that get lost
 * @param duplication the share of frames that arrive twice
 * @param reordering the share of frames that do not wait for those before them
 */
public record LinkConditions(
        long minDelayNanos,
        long spreadNanos,
        double tail,
        int tailFactor,
        double loss,
        double duplication,
        double reordering) {
    /** A network that behaves: what the liveness phase of a run has. */
    public static LinkConditions timely() {
        return new LinkConditions(100_000, 400_000, 0, 1, 0, 0, 0);
    }

    long drawDelay(Randomness random) {
        long delay = minDelayNanos + random.between(0, spreadNanos);
        return tail > 0 && random.chance(tail) ? delay * random.between(1, tailFactor) : delay;
    }
}
