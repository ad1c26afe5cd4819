package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** The names of a store's files, and what all their formats have in common. Numbers are big-endian. */
final class Layout {
    static final int VERSION = 1;
    /** The size of a block, and a multiple of every sector's. */
    static final int BLOCK_BYTES = 4096;

    static final int SALT_BYTES = 16;

    static final String LOCK = "lock";
    static final String IDENTITY = "identity";
    static final String MARK = "mark";
    /** The file that becomes the next segment. Its content means nothing. */
    static final String SPARE = "spare";
    /** What a name ends in while the file is being written. */
    static final String ASIDE = ".new";

    private static final String SEGMENT = "log-";
    private static final String SNAPSHOT = "snapshot-";
    private static final String CHUNK = "chunk-";
    private static final Pattern DIGITS = Pattern.compile("\\d{19}");
    private static final int CHECKED_BYTES = BLOCK_BYTES - Integer.BYTES;

    private Layout() {}

    /** The end of the block in which the byte before {@code offset} is. */
    static int blockEnd(int offset) {
        return Math.addExact(offset, BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    }

    static String segment(long number) {
        return numbered(SEGMENT, number);
    }

    /** The number of the segment that has this name, if it is one's. */
    static OptionalLong segmentNumber(String name) {
        return number(SEGMENT, name);
    }

    static String snapshot(SequenceNumber at) {
        return numbered(SNAPSHOT, at.value());
    }

    /** The sequence number of the snapshot that has this name, if it is one's. */
    static OptionalLong snapshotNumber(String name) {
        return number(SNAPSHOT, name);
    }

    static String chunk(Digest digest) {
        return CHUNK + digest.toHex();
    }

    static boolean isChunk(String name) {
        return name.startsWith(CHUNK);
    }

    private static String numbered(String prefix, long number) {
        return prefix + String.format(Locale.ROOT, "%019d", number);
    }

    private static OptionalLong number(String prefix, String name) {
        if (name.startsWith(prefix)
                && DIGITS.matcher(name).region(prefix.length(), name.length()).matches()) {
            try {
                return OptionalLong.of(Long.parseLong(name, prefix.length(), name.length(), 10));
            } catch (NumberFormatException e) {
                return OptionalLong.empty(); // More than 2^63: no file of ours.
            }
        }
        return OptionalLong.empty();
    }

    /** Puts its checksum at the end of a block that is otherwise complete; returns it ready to be written. */
    static ByteBuffer seal(ByteBuffer block) {
        block.clear();
        return block.putInt(CHECKED_BYTES, checksum(block));
    }

    /** Whether a block is one that {@link #seal} finished, with this magic number at its beginning. */
    static boolean isSealed(ByteBuffer block, long magic) {
        return block.getLong(0) == magic && block.getInt(CHECKED_BYTES) == checksum(block);
    }

    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.slice(0, CHECKED_BYTES));
        return (int) crc.getValue();
    }

    /** The block at a position; zeros where the file ends before. */
    static ByteBuffer readBlock(DiskFile file, long position) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        file.read(position, block);
        return block.clear();
    }

    /** The first block of a file that is there. */
    static ByteBuffer readBlock(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name)) {
            return readBlock(file, 0);
        }
    }

    /** Exactly so many bytes. The caller has made sure that the file is that long. */
    static byte[] readExactly(DiskFile file, long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        if (file.read(position, into) < length) {
            throw new EOFException("the file ends before " + (position + length));
        }
        return into.array();
    }

    /** Puts {@code content} in the place of a file: after a crash it has the old content or the new one, whole. */
    static void replace(Disk disk, String name, ByteBuffer... content) throws IOException {
        writeAside(disk, name, content);
        disk.syncNames();
    }

    /** The same, but the name is durable only once the caller has synced the names. */
    static void writeAside(Disk disk, String name, ByteBuffer... content) throws IOException {
        try (DiskFile file = disk.create(name + ASIDE)) {
            long position = 0;
            for (ByteBuffer part : content) {
                int length = part.remaining();
                file.write(position, part);
                position += length;
            }
            file.sync();
        }
        disk.rename(name + ASIDE, name);
    }
}
