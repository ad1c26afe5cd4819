package dev.quorate.core.storage;

import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first block of a segment.
 *
 * @param previousEnd where the segment before this one ends: whatever comes after that in it never counted
 * @param start where the carried entries end, which repeat what earlier segments add up to
 * @param filled how far it was filled when it was made: after {@code start} with the records at the end of the segment
 *     before it that nobody could be sure of
 */
record SegmentHeader(Bytes salt, long number, int previousEnd, int start, int filled) {
    static final int BYTES = Layout.BLOCK_BYTES;
    private static final long MAGIC = 0x71756f726174654cL; // "quorateL"

    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC).putInt(Layout.VERSION).put(salt.toArray());
        out.putLong(number).putInt(previousEnd).putInt(start).putInt(filled);
        return Layout.seal(out);
    }

    /** Empty if the block is damaged. */
    static Optional<SegmentHeader> decode(ByteBuffer in) {
        if (!Layout.isSealed(in, MAGIC) || in.position(Long.BYTES).getInt() != Layout.VERSION) {
            return Optional.empty();
        }
        byte[] salt = new byte[Layout.SALT_BYTES];
        in.get(salt);
        SegmentHeader header = new SegmentHeader(Bytes.wrap(salt), in.getLong(), in.getInt(), in.getInt(), in.getInt());
        return header.number >= 1 && header.previousEnd >= 0 && header.start >= BYTES && header.filled >= header.start
                ? Optional.of(header)
                : Optional.empty();
    }
}
