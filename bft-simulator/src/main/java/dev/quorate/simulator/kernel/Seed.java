package dev.quorate.simulator.kernel;

import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where everything that is random in a run comes from.
 *
 * <p>Each purpose draws from a stream of its own, so that one more draw for one purpose does not shift the others: a
 * run stays recognisable while it is made smaller, and while the simulator itself is developed.
 *
 * @param value any number
 */
public record Seed(long value) {
    /** The stream for one purpose: the same numbers each time that it is asked for. */
    public Randomness stream(String purpose) {
        return stream(purpose, 0);
    }

    /** The stream for one purpose and one of several of its kind. */
    public Randomness stream(String purpose, long index) {
        byte[] numbers = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(value)
                .putLong(index)
                .array();
        byte[] digest =
                Digest.sha256(numbers, purpose.getBytes(StandardCharsets.UTF_8)).toArray();
        return new Randomness(ByteBuffer.wrap(digest).getLong());
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
