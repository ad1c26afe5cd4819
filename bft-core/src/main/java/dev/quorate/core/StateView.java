package dev.quorate.core;

import java.io.IOException;

/**
 * A service's state as it was at one moment, to be written by another thread while the service goes on. See {@link
 * ReplicatedService#freeze}.
 */
public interface StateView extends AutoCloseable {
    /**
     * Writes what {@link ReplicatedService#snapshot} would have written at the moment of {@link
     * ReplicatedService#freeze}. Called at most once, on a thread that is not the service's.
     */
    void write(SnapshotWriter out) throws IOException;

    /** Nobody needs the view any more. Called once, on the service's thread. */
    @Override
    default void close() {}
}
