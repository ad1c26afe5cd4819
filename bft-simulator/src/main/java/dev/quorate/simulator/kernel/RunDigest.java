package dev.quorate.simulator.kernel;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A digest of everything that happened in a run, in its order. Two runs of one seed have the same, on every machine and
 * JDK; if they do not, something in them depends on more than the seed.
 */
public final class RunDigest {
    private final MessageDigest sha256;
    private final ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);

    public RunDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds one event: when, what kind, and whatever else distinguishes it. */
    public void add(long atNanos, String kind, long detail, Bytes content) {
        byte[] name = kind.getBytes(StandardCharsets.UTF_8);
        numbers.clear();
        numbers.putLong(atNanos).putLong(detail).putInt(name.length);
        sha256.update(numbers.array());
        sha256.update(name);
        numbers.clear();
        numbers.putInt(content.length());
        sha256.update(numbers.array(), 0, Integer.BYTES);
        sha256.update(content.unsafeArray());
    }

    /** The digest of all events so far. */
    public Digest value() {
        try {
            return Digest.of(((MessageDigest) sha256.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }
}
