package dev.quorate.core.storage;

import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The entries of one segment as bytes. What is not at the place where it was written, in the segment in which it was
 * written, does not pass for an entry: salt, segment and offset are part of the checksum.
 */
final class EntryFormat {
    static final int HEADER_BYTES = 32;
    static final int ALIGNMENT = 8;
    static final int MAGIC = 0x51524543; // "QREC"
    /** After the last entry: a header of zeros, where the next entry will be. */
    static final int TERMINATOR_BYTES = HEADER_BYTES;

    static final int MAX_PAYLOAD_BYTES = ReplicaStore.MAX_RECORD_BYTES;

    /** Beside the kind: the next entry begins in a block of its own. */
    private static final int LAST_OF_GROUP = 0x100;

    private static final int CHECKED_BYTES = HEADER_BYTES - Integer.BYTES;

    private final byte[] salt;
    private final long segment;

    /**
     * The head of an entry.
     *
     * @param isLast whether its group ends with it
     * @param reported how far the segment had been reported durable when this was written
     */
    record Header(RawEntry.Kind kind, boolean isLast, long number, int length, int reported, int payloadChecksum) {
        int entryBytes() {
            return HEADER_BYTES + padded(length);
        }
    }

    EntryFormat(Bytes salt, long segment) {
        this.salt = salt.toArray();
        this.segment = segment;
    }

    static int sizeOf(RawEntry entry) {
        return HEADER_BYTES + padded(entry.payload().length());
    }

    private static int padded(int length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * A group of entries that will be at {@code offset} of the segment, where a block begins, and the terminator.
     *
     * <p>No group shares a block with another: what is written later cannot spoil what was durable before, even if a
     * whole block is lost in the middle of writing it.
     */
    ByteBuffer group(List<RawEntry> entries, int offset, int reported) {
        int bytes = sizeOf(entries);
        ByteBuffer out = ByteBuffer.allocate(bytes + TERMINATOR_BYTES);
        for (int i = 0; i < entries.size(); i++) {
            put(out, entries.get(i), i == entries.size() - 1, offset + out.position(), reported);
        }
        return out.clear();
    }

    /** How many bytes a group takes, without the terminator: whole blocks. */
    static int sizeOf(List<RawEntry> group) {
        return Layout.blockEnd(group.stream().mapToInt(EntryFormat::sizeOf).sum());
    }

    private void put(ByteBuffer out, RawEntry entry, boolean last, int offset, int reported) {
        int start = out.position();
        byte[] payload = entry.payload().unsafeArray();
        out.putInt(MAGIC).putInt(payload.length).putLong(entry.number());
        out.putInt(entry.kind().code() | (last ? LAST_OF_GROUP : 0))
                .putInt(reported)
                .putInt(checksum(payload));
        out.putInt(headerChecksum(out, start, offset)).put(payload);
        out.position(start + sizeOf(entry));
    }

    /** The header at the buffer's position, which is {@code offset} in the segment; null if there is none. */
    Header header(ByteBuffer in, int offset) {
        int start = in.position();
        if (in.getInt(start) != MAGIC || in.getInt(start + CHECKED_BYTES) != headerChecksum(in, start, offset)) {
            return null;
        }
        int length = in.getInt(start + 4);
        int reported = in.getInt(start + 20);
        int code = in.getInt(start + 16);
        boolean last = (code & LAST_OF_GROUP) != 0;
        Optional<RawEntry.Kind> kind = RawEntry.Kind.ofCode(code & ~LAST_OF_GROUP);
        boolean sensible = length >= 0 && length <= MAX_PAYLOAD_BYTES && reported >= 0 && kind.isPresent();
        return sensible
                ? new Header(kind.get(), last, in.getLong(start + 8), length, reported, in.getInt(start + 24))
                : null;
    }

    static int checksum(byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }

    private int headerChecksum(ByteBuffer buffer, int start, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(salt);
        crc.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(segment)
                .putInt(offset)
                .flip());
        crc.update(buffer.array(), buffer.arrayOffset() + start, CHECKED_BYTES);
        return (int) crc.getValue();
    }
}
