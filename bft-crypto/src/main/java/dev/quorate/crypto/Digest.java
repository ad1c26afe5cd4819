package dev.quorate.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest: 32 bytes with value equality and unsigned lexicographic order. Immutable. */
public final class Digest implements Comparable<Digest> {
    /** The length of a digest in bytes. */
    public static final int LENGTH = 32;

    // A MessageDigest belongs to one thread; creating one costs more than hashing a small message.
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    });

    private final byte[] value;

    private Digest(byte[] value) {
        this.value = value;
    }

    /** A digest from its 32 bytes (copied); throws {@link IllegalArgumentException} for any other length. */
    public static Digest of(byte[] value) {
        if (value.length != LENGTH) {
            throw new IllegalArgumentException("a digest has " + LENGTH + " bytes, not " + value.length);
        }
        return new Digest(value.clone());
    }

    /** The SHA-256 of the concatenation of {@code parts}. The caller keeps concatenations unambiguous. */
    public static Digest sha256(byte[]... parts) {
        MessageDigest sha = SHA_256.get();
        for (byte[] part : parts) {
            sha.update(part);
        }
        return new Digest(sha.digest());
    }

    /** The SHA-256 of {@code bytes}. */
    public static Digest sha256(Bytes bytes) {
        return sha256(bytes.unsafeArray());
    }

    /** A fresh copy of the 32 bytes. */
    public byte[] toArray() {
        return value.clone();
    }

    public Bytes toBytes() {
        return Bytes.wrap(value);
    }

    public String toHex() {
        return HexFormat.of().formatHex(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        // The bytes of a digest are uniform already.
        return (value[0] & 0xff) | (value[1] & 0xff) << 8 | (value[2] & 0xff) << 16 | value[3] << 24;
    }

    @Override
    public int compareTo(Digest that) {
        return Arrays.compareUnsigned(value, that.value);
    }

    /** The first 8 hexadecimal digits: for people. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(value, 0, 4);
    }
}
