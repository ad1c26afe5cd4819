package dev.quorate.transport.metrics;

import dev.quorate.core.RejectionReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a replica of this runtime has counted since it started. Immutable.
 *
 * @param rejections messages and connections that were refused, by reason; every reason is there
 * @param framesReceived from peers that were known
 * @param bytesReceived of these, without length prefixes and TLS
 * @param framesSent to all peers
 * @param bytesSent of these, without length prefixes and TLS
 * @param framesDropped because a peer's queue was full
 * @param framesWithoutChannel because there was no channel to whom they were for
 * @param connections how many connections got as far as both sides knowing each other
 * @param batchesCommitted batches that got their place in the order here
 * @param requestsExecuted requests executed here
 * @param equivocations proofs that another replica is faulty
 * @param checkpointStalls how often it had used up its window, and no checkpoint became stable for a while
 * @param listenerCallsLeftOut because the listener was too slow
 */
public record ReplicaMetrics(
        Map<RejectionReason, Long> rejections,
        long framesReceived,
        long bytesReceived,
        long framesSent,
        long bytesSent,
        long framesDropped,
        long framesWithoutChannel,
        long connections,
        long batchesCommitted,
        long requestsExecuted,
        long equivocations,
        long checkpointStalls,
        long listenerCallsLeftOut) {
    public ReplicaMetrics {
        rejections = Collections.unmodifiableMap(new EnumMap<>(rejections));
    }
}
