package dev.quorate.simulator.check;

import dev.quorate.core.ReplicaId;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows how far each replica has executed since it last started, to know what it passed over.
 *
 * <p>A replica executes position after position. It may jump only by installing a checkpoint, and checkpoints lie at
 * multiples of the checkpoint interval; whatever else it leaves out is, in its view, a null batch.
 */
final class ExecutionOrder {
    private final long checkpointInterval;
    private final Map<ReplicaId, Long> lastExecuted = new HashMap<>();

    ExecutionOrder(int checkpointInterval) {
        this.checkpointInterval = checkpointInterval;
    }

    /** Execution starts over. */
    void restarted(ReplicaId replica) {
        lastExecuted.remove(replica);
    }

    /** The last position that the replica executed since it started; 0 if none. */
    long lastExecuted(ReplicaId replica) {
        return lastExecuted.getOrDefault(replica, 0L);
    }

    /**
     * Notes an execution, which has to be beyond {@link #lastExecuted}.
     *
     * @return the first position that the replica passed over as empty; {@code executed}'s own position if none
     */
    long advance(Observation.Executed executed) {
        long position = executed.sequenceNumber().value();
        long checkpoint = (position - 1) / checkpointInterval * checkpointInterval;
        long last = lastExecuted(executed.replica());
        lastExecuted.put(executed.replica(), position);
        return Math.max(last, checkpoint) + 1;
    }
}
