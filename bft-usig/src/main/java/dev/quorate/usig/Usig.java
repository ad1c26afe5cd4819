package dev.quorate.usig;

import dev.quorate.crypto.Digest;
import java.io.IOException;

/**
 * A trusted counter. Even a compromised replica cannot make it give two messages the same counter, or go back.
 *
 * <p>Not thread-safe: one caller at a time, because the order of the counters is state of the protocol.
 */
public interface Usig extends AutoCloseable {
    UsigIdentity identity();

    /** Whether the counter survives a restart of the replica's machine exactly. */
    boolean isDurable();

    /**
     * Gives {@code message} the next counter.
     *
     * @throws IOException if the device does not answer: the replica stops, since it cannot know whether the counter
     *     moved
     */
    UniqueIdentifier createUi(Digest message) throws IOException;

    @Override
    void close() throws IOException;
}
