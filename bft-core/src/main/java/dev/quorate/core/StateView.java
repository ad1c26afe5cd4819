package dev.quorate.core;

import java.io.IOException;

/**
 * A service's state as it was at one moment, to be written by another thread while the service goes on. See {@link
 * ReplicatedService#freeze}. A replica has at most one open: the next is not asked for before this one is closed.
 */
public interface StateView extends AutoCloseable {
    /**
     * Writes what {@link ReplicatedService#snapshot} would have written at the moment of {@link
     * ReplicatedService#freeze}. Called at most once, on a thread that is not the service's, which is interrupted if the replica stops meanwhile.
     */
    void write(SnapshotWriter out) throws IOException;

    /** Nobody needs the view any more. Called once, on the service's thread, also if it was not written. */
    @Override
    default void close() {}
}
