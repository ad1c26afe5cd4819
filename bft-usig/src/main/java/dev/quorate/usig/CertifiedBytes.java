package dev.quorate.usig;

import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that a USIG certifies. Every USIG that can choose what it signs should sign these.
 *
 * <p>They hold the domain tag {@value #DOMAIN}, the epoch, the counter and the message's digest: 64 bytes, each part at
 * a fixed place, so that no two identifiers have the same. They do not name cluster, message type, view or sender: the
 * digest is that of the bytes which the protocol would otherwise sign, and those name them.
 */
public final class CertifiedBytes {
    /** What tells a USIG's certificate from any other signature by the same key. */
    public static final String DOMAIN = "quorate-usig-v1";

    public static final int LENGTH = 64;

    private static final byte[] TAG = DOMAIN.getBytes(StandardCharsets.US_ASCII);

    private CertifiedBytes() {}

    /** A new array of {@value #LENGTH} bytes: the tag, a zero, epoch and counter (big-endian), the digest. */
    public static byte[] of(long epoch, long counter, Digest message) {
        return ByteBuffer.allocate(LENGTH)
                .put(TAG)
                .put((byte) 0)
                .putLong(epoch)
                .putLong(counter)
                .put(message.toArray())
                .array();
    }
}
