package dev.quorate.simulator.kernel;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/**
 * A digest of everything that happened in a run, in its order. Two runs of one seed have the same, on every machine and
 * JDK; if they do not, something in them depends on more than the seed.
 */
public final class RunDigest {
    private final MessageDigest sha256;
    /** Looked up only, never iterated over. */
    private final Map<String, byte[]> names = new HashMap<>();

    /** What comes before an event's content: two numbers, the name of its kind, and two lengths. */
    private ByteBuffer head = ByteBuffer.allocate(128);

    public RunDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds one event: when, what kind, and whatever else distinguishes it. */
    public void add(long atNanos, String kind, long detail, Bytes content) {
        byte[] name = names.computeIfAbsent(kind, k -> k.getBytes(StandardCharsets.UTF_8));
        int length = 2 * Long.BYTES + Integer.BYTES + name.length + Integer.BYTES;
        if (head.capacity() < length) {
            head = ByteBuffer.allocate(length);
        }
        head.clear();
        head.putLong(atNanos).putLong(detail).putInt(name.length).put(name).putInt(content.length());
        sha256.update(head.array(), 0, length);
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
