package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.Optional;

/**
 * Something that a run shows, in the order of virtual time. Immutable.
 *
 * <p>No component is null.
 */
public sealed interface Observation {
    /** When it happened, in nanoseconds of virtual time since the run began. */
    long atNanos();

    /**
     * A correct replica gave a batch to its service.
     *
     * @param requests what it executed, in this order: without what it skipped
     * @param operations {@link OperationsDigest} of what was executed
     */
    record Executed(
            long atNanos, ReplicaId replica, SequenceNumber sequenceNumber, List<RequestId> requests, Digest operations)
            implements Observation {
        public Executed {
            requests = List.copyOf(requests);
        }
    }

    /** A correct replica took a checkpoint after executing up to {@code sequenceNumber}. */
    record CheckpointTaken(long atNanos, ReplicaId replica, SequenceNumber sequenceNumber, Digest root)
            implements Observation {}

    /**
     * A correct replica started again, and its execution starts over.
     *
     * @param remembers whether it knows everything that it ever said: else it counts among the faulty ones
     */
    record Restarted(long atNanos, ReplicaId replica, boolean remembers) implements Observation {}

    /** A replica that had forgotten what it said takes part again, and is correct from now on. */
    record Rejoined(long atNanos, ReplicaId replica) implements Observation {}

    /** A correct replica let something leave that it said itself, perhaps again, and that others may hold it to. */
    record Said(long atNanos, ReplicaId replica, Verified<? extends Message> message) implements Observation {}

    /**
     * A correct replica goes on as if these records were durable.
     *
     * @param durable whether they would survive a loss of power
     */
    record Kept(long atNanos, ReplicaId replica, List<Verified<? extends Message>> records, boolean durable)
            implements Observation {
        public Kept {
            records = List.copyOf(records);
        }
    }

    /** A correct replica goes on as if its state as of {@code sequenceNumber} were durable. */
    record StateKept(long atNanos, ReplicaId replica, SequenceNumber sequenceNumber) implements Observation {}

    /**
     * A correct client was asked for an operation.
     *
     * @param ticket tells the invocations of one session of one client apart
     */
    record Invoked(long atNanos, ClientId client, long session, long ticket, Bytes operation) implements Observation {}

    /**
     * A correct client accepted the result of an invocation.
     *
     * @param request what was replied to; empty if it was read without being ordered
     */
    record Completed(
            long atNanos, ClientId client, long session, long ticket, Result result, Optional<RequestId> request)
            implements Observation {}

    /** A correct client gave an invocation up: it may have taken effect, may yet take effect, or never will. */
    record GaveUp(long atNanos, ClientId client, long session, long ticket) implements Observation {}

    /** A correct client signed this request. */
    record Submitted(long atNanos, RequestId request, Bytes operation) implements Observation {}

    /** Where a correct replica stands: shown when that changes. */
    record StatusSampled(long atNanos, ReplicaId replica, ProtocolStatus status) implements Observation {}

    /** A correct replica found its own state broken and stopped. */
    record ReplicaHalted(long atNanos, ReplicaId replica, String reason) implements Observation {}
}
