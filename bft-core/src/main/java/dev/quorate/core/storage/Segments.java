package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes segments. They get their whole length beforehand, because syncing a file that grows takes half as long again;
 * and a segment that is not needed any more becomes a new one, because writing its length once more takes longest.
 */
final class Segments {
    private static final int ZEROS_BYTES = 1 << 20;

    private final Disk disk;
    private final Bytes salt;
    private final int usualBytes;

    /** @param usualBytes the length of a segment that need not be longer */
    Segments(Disk disk, Bytes salt, int usualBytes) {
        this.disk = disk;
        this.salt = salt;
        this.usualBytes = usualBytes;
    }

    /**
     * Puts a segment in place, durably, in the place of any other of that number.
     *
     * @param carried what earlier segments add up to
     * @param copied records to begin with
     * @param room for how many bytes of groups, beyond these
     */
    SegmentHeader make(long number, int previousEnd, List<RawEntry> carried, List<RawEntry> copied, long room)
            throws IOException {
        int start = SegmentHeader.BYTES + EntryFormat.sizeOf(carried);
        int filled = Math.addExact(start, EntryFormat.sizeOf(copied));
        SegmentHeader header = new SegmentHeader(salt, number, previousEnd, start, filled);
        EntryFormat format = new EntryFormat(salt, number);
        long least = filled + room + Layout.BLOCK_BYTES;
        try (DiskFile file = spare(Math.toIntExact(Math.max(least, usualBytes)))) {
            file.write(SegmentHeader.BYTES, format.group(carried, SegmentHeader.BYTES, 0));
            file.write(start, format.group(copied, start, start));
            file.write(0, header.encode());
            file.sync();
        }
        disk.rename(Layout.SPARE, Layout.segment(number));
        disk.syncNames();
        return header;
    }

    /** A file of at least that length. What is in it does not matter: nothing of it passes for an entry of a new segment. */
    private DiskFile spare(int length) throws IOException {
        if (disk.list().contains(Layout.SPARE)) {
            DiskFile found = disk.open(Layout.SPARE);
            if (found.size() >= length) {
                return found;
            }
            found.close();
        }
        DiskFile made = disk.create(Layout.SPARE);
        try {
            for (int at = 0; at < length; at += ZEROS_BYTES) {
                made.write(at, ByteBuffer.allocate(Math.min(ZEROS_BYTES, length - at)));
            }
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** Gets rid of a segment that is not needed any more. */
    void retire(long number) throws IOException {
        String name = Layout.segment(number);
        boolean usual;
        try (DiskFile file = disk.open(name)) {
            usual = file.size() == usualBytes;
        }
        if (usual && !disk.list().contains(Layout.SPARE)) {
            disk.rename(name, Layout.SPARE);
        } else {
            disk.delete(name);
        }
    }
}
