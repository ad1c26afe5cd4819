package dev.quorate.core.wire;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;

/**
 * How many things one message may speak of. The elements of a certificate may be a few bytes each, and become objects of
 * many times that size, so their number is bounded by what a correct replica has to say, not only by the frame.
 *
 * @param replicas elements of which each replica has one
 * @param positions elements of which each sequence number of a window has one
 * @param committed what one COMMITTED may speak of
 */
record Bounds(int replicas, int positions, int committed) {
    static Bounds of(ClusterConfig config) {
        int positions = config.limits().get(Limit.WINDOW);
        return new Bounds(
                config.n(), positions, Math.max(2 * positions, config.limits().catchUpPositions()));
    }

    /** Elements of both kinds, at most two windows of positions. */
    int all() {
        return replicas + 2 * positions;
    }
}
