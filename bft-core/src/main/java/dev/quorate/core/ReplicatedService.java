package dev.quorate.core;

import java.io.IOException;
import java.util.Optional;

/**
 * The one class to write: a service that Quorate replicates.
 *
 * <p>All replicas execute the same operations in the same order, so the service has to be <em>deterministic</em>: its
 * results and its state may depend on its state and on the {@link Operation} only. Not on the clock or on randomness (the
 * operation has both), on the iteration order of hash maps, on threads of its own, or on anything outside (see {@link
 * PredictingService}).
 *
 * <p>Threading: one thread at a time calls, always the same one while a replica runs. The methods may take their time,
 * but the replica executes nothing else meanwhile.
 */
public interface ReplicatedService {
    /**
     * Executes one operation and returns its result (not null, at most {@code maxResultBytes} long).
     *
     * <p>An exception does no harm to the replica: the client gets it as an error reply. What it did to the service's
     * state before it threw stays, so it has to have done the same everywhere. Its message is not part of the reply,
     * because messages tend to differ from machine to machine.
     */
    byte[] execute(Operation operation) throws Exception;

    /** Writes the whole state. Equal states have to write equal bytes: iterate over sorted collections. */
    void snapshot(SnapshotWriter out) throws IOException;

    /**
     * Hands out the present state quickly, so that it can be written while the service goes on. Returns empty (as this
     * does) if the service cannot: then {@link #snapshot} is called, and execution waits until it has written all.
     *
     * <p>There is at most one view at a time: the next is asked for once this one is closed.
     *
     * <p>Worth it for large states. Persistent data structures, or copying on write while a view is open, do it.
     */
    default Optional<StateView> freeze() throws IOException {
        return Optional.empty();
    }

    /**
     * Reads without changing anything: for {@link BftClient#read} in a cluster with {@code fastReads}. The operation is
     * the same as one for {@link #execute}, which has to give the same result, because a read on which not enough replicas
     * agree is ordered. An exception (this throws one) has it ordered at once.
     */
    default ReadResult read(Operation operation) throws Exception {
        throw new UnsupportedOperationException("no reads but ordered ones");
    }

    /** Replaces the whole state by one that {@link #snapshot} wrote, perhaps on another machine. */
    void restore(SnapshotReader in) throws IOException;
}
