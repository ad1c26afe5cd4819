package dev.quorate.simulator.check;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;

/**
 * How much a correct replica may hold, whatever the others send.
 *
 * @param window {@code L}: no accepted or executed position lies further beyond the stable checkpoint
 * @param logEntries positions that hold anything: those of the window, and as many below it that this replica has not
 *     executed yet although the others are done with them
 * @param pendingRequests requests that wait: for every client its sessions' outstanding requests
 */
public record MemoryBounds(long window, long logEntries, long pendingRequests) {
    /** The bounds that follow from a cluster's limits. */
    public static MemoryBounds of(ClusterConfig config) {
        long window = config.limits().get(Limit.WINDOW);
        long requestsPerClient = (long) config.limits().get(Limit.SESSIONS_PER_CLIENT)
                * config.limits().get(Limit.REQUESTS_PER_SESSION);
        return new MemoryBounds(window, 2 * window, config.clients().size() * requestsPerClient);
    }
}
