package dev.quorate.simulator.node;

/**
 * How long a replica's own work takes, in nanoseconds of virtual time. Each is drawn evenly from 0 to the maximum.
 *
 * @param maxSyncNanos until a record is on disk
 * @param maxExecutionNanos until the service has executed a batch
 * @param maxSnapshotNanos until a snapshot is written, while the service goes on
 * @param maxDrainNanos until the replica's thread has handled all that came in at about the same time
 */
public record NodeTiming(long maxSyncNanos, long maxExecutionNanos, long maxSnapshotNanos, long maxDrainNanos) {
    public static NodeTiming usual() {
        return new NodeTiming(500_000, 200_000, 2_000_000, 50_000);
    }
}
