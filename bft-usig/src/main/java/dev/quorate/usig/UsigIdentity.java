package dev.quorate.usig;

import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Who a USIG is in one epoch, as far as others need to know to verify its identifiers. Public.
 *
 * @param provider the name of its {@link UsigProvider}, which knows how to read the rest: 1 to 64 of a–z, 0–9 and
 *     hyphens, not beginning with a hyphen
 * @param epoch see {@link UniqueIdentifier#epoch()}
 * @param key what verifies its certificates: a public key, or the name of a shared secret; 1 to
 *     {@value #MAX_KEY_BYTES} bytes
 * @param attestation proof by a third party that the key lives in trusted hardware; empty where there is none, at most
 *     {@value #MAX_ATTESTATION_BYTES} bytes
 */
public record UsigIdentity(String provider, long epoch, Bytes key, Bytes attestation) {
    public static final int MAX_KEY_BYTES = 4096;
    public static final int MAX_ATTESTATION_BYTES = 32 * 1024;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** Throws {@link IllegalArgumentException} for anything outside the bounds above. */
    public UsigIdentity {
        if (!NAME.matcher(provider).matches()) {
            throw new IllegalArgumentException("not a name for a USIG provider: a-z, 0-9 and hyphens, at most 64");
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch " + epoch);
        }
        if (key.isEmpty() || key.length() > MAX_KEY_BYTES || attestation.length() > MAX_ATTESTATION_BYTES) {
            throw new IllegalArgumentException("a USIG's key has 1 to " + MAX_KEY_BYTES + " bytes, not " + key.length()
                    + ", and its attestation at most " + MAX_ATTESTATION_BYTES + ", not " + attestation.length());
        }
    }

    /**
     * The only encoding of this identity, for messages and, in hexadecimal, for configurations: length and name of the
     * provider (1 byte, ASCII), epoch (8), length and bytes of the key (2), length and bytes of the attestation (2);
     * numbers are big-endian.
     */
    public Bytes encode() {
        byte[] name = provider.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(1 + name.length + 8 + 2 + key.length() + 2 + attestation.length());
        out.put((byte) name.length).put(name).putLong(epoch);
        out.putShort((short) key.length()).put(key.toArray());
        out.putShort((short) attestation.length()).put(attestation.toArray());
        return Bytes.wrap(out.array());
    }

    /** The identity that {@link #encode} made these bytes of; throws {@link IllegalArgumentException} for any others. */
    public static UsigIdentity decode(Bytes encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded.toArray());
        String provider = new String(take(in, 1).toArray(), StandardCharsets.ISO_8859_1);
        if (in.remaining() < 8) {
            throw cutOff();
        }
        UsigIdentity identity = new UsigIdentity(provider, in.getLong(), take(in, 2), take(in, 2));
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes too many for a USIG identity");
        }
        return identity;
    }

    /** A byte string after its length, which is never believed beyond what is there. */
    private static Bytes take(ByteBuffer in, int lengthBytes) {
        if (in.remaining() < lengthBytes) {
            throw cutOff();
        }
        int length = lengthBytes == 1 ? Byte.toUnsignedInt(in.get()) : Short.toUnsignedInt(in.getShort());
        if (in.remaining() < length) {
            throw cutOff();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }

    private static IllegalArgumentException cutOff() {
        return new IllegalArgumentException("a USIG identity that is cut off");
    }
}
