package dev.quorate.simulator.check;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;

/**
 * How much a correct replica may hold, whatever the others send.
 *
 * @param window {@code L}: no accepted or executed position lies further beyond the stable checkpoint, and nothing is
 *     kept of positions further below it
 * @param pendingRequests requests that wait: for every client its sessions' outstanding requests
 */
public record MemoryBounds(long window, long pendingRequests) {
    /** The bounds that follow from a cluster's limits. */
    public static MemoryBounds of(ClusterConfig config) {
        long window = config.limits().get(Limit.WINDOW);
        long requestsPerClient = (long) config.limits().get(Limit.SESSIONS_PER_CLIENT)
                * config.limits().get(Limit.REQUESTS_PER_SESSION);
        return new MemoryBounds(window, config.clients().size() * requestsPerClient);
    }

    /**
     * Positions of which a replica may hold anything: those of the window, and below it those that are stable elsewhere
     * and that it has yet to execute, at most as many again.
     */
    long logEntries(long stable, long executed) {
        return window + Math.min(window, Math.max(0, stable - executed));
    }
}
