package dev.quorate.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable byte string with value equality. Safe for use by several threads.
 *
 * <p>The array behind it never leaves this class by reference except through {@link #unsafeArray()}, which exists for
 * the hot paths of this project (hashing, signing, writing to a socket) and must only be read.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] array;
    private int hash;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Copies {@code bytes}, which must not be null. */
    public static Bytes copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /** Takes over {@code bytes} without a copy: the caller must not change the array afterwards. */
    public static Bytes wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes);
    }

    /** The bytes of a hexadecimal string; throws {@link IllegalArgumentException} if it is not one. */
    public static Bytes fromHex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    /** The number of bytes. */
    public int length() {
        return array.length;
    }

    public boolean isEmpty() {
        return array.length == 0;
    }

    public byte at(int index) {
        return array[index];
    }

    /** A fresh copy, the caller's to change. */
    public byte[] toArray() {
        return array.clone();
    }

    /** The array behind this value, not a copy: read it, never write to it, never hand it to code outside the project. */
    public byte[] unsafeArray() {
        return array;
    }

    public String toHex() {
        return HexFormat.of().formatHex(array);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(array);
        }
        return hash;
    }

    /** Lexicographic order of the bytes taken as unsigned. */
    @Override
    public int compareTo(Bytes that) {
        return Arrays.compareUnsigned(array, that.array);
    }

    /** The length and the first bytes in hexadecimal: for people, not for parsing. */
    @Override
    public String toString() {
        int shown = Math.min(array.length, 8);
        String hex = HexFormat.of().formatHex(array, 0, shown);
        return array.length + " bytes" + (shown == 0 ? "" : " " + hex + (shown < array.length ? "…" : ""));
    }
}
