package dev.quorate.core;

import java.io.IOException;

/**
 * The one class to write: a service that Quorate replicates.
 *
 * <p>All replicas execute the same operations in the same order, so the service has to be <em>deterministic</em>: its
 * results and its state may depend on its state and on the {@link Operation} only. Not on the clock, on randomness, on
 * the iteration order of hash maps, on threads of its own, or on anything outside.
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

    /** Replaces the whole state by one that {@link #snapshot} wrote, perhaps on another machine. */
    void restore(SnapshotReader in) throws IOException;
}
