package dev.quorate.core.wire;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;

/**
 * How many things one message may speak of. The elements of a certificate may be a few bytes each, and become objects of
 * many times that size, so their number is bounded by what a correct replica has to say, not only by the frame.
 *
 * @param replicas elements of which each replica has one
 * @param positions elements of which each sequence number of a window has one
 */
record Bounds(int replicas, int positions) {
    static Bounds of(ClusterConfig config) {
        return new Bounds(config.n(), config.limits().get(Limit.WINDOW));
    }

    /** Elements of both kinds, at most two windows of positions. */
    int all() {
        return replicas + 2 * positions;
    }
}
