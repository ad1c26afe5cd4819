package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the entries of one segment, as far as they can be read. Nothing is allocated that the file is too short for. */
final class SegmentReader {
    private static final int WINDOW_BYTES = 64 << 10;

    /**
     * What is in a segment.
     *
     * @param offsets where the entries begin
     * @param end where the readable entries end
     * @param clean whether they end as a log does that was not cut off
     * @param provenEnd how far the segment was reported durable, as entries in it say, also some beyond the end
     */
    record Contents(List<RawEntry> entries, List<Integer> offsets, int end, boolean clean, int provenEnd) {}

    private final DiskFile file;
    private final EntryFormat format;
    private final int size;
    private final List<RawEntry> entries = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private int provenEnd;

    private ByteBuffer window = ByteBuffer.allocate(0);
    private int windowStart;

    private SegmentReader(DiskFile file, EntryFormat format) throws IOException {
        this.file = file;
        this.format = format;
        this.size = (int) Math.min(file.size(), Integer.MAX_VALUE - EntryFormat.ALIGNMENT);
    }

    /**
     * Reads a segment whose header is sound.
     *
     * @param sealedEnd where it ends if that is known, else 0
     */
    static Contents read(DiskFile file, SegmentHeader header, int sealedEnd) throws IOException {
        SegmentReader reader = new SegmentReader(file, new EntryFormat(header.salt(), header.number()));
        int offset = SegmentHeader.BYTES;
        while (sealedEnd == 0 || offset < sealedEnd) {
            int next = reader.entryAt(offset);
            if (next == offset) {
                break;
            }
            offset = next;
        }
        boolean clean = sealedEnd == 0 ? reader.isTerminator(offset) : offset == sealedEnd;
        if (sealedEnd == 0) {
            reader.findProofs(offset);
        }
        return new Contents(reader.entries, reader.offsets, offset, clean, reader.provenEnd);
    }

    /** Reads one entry; returns where it ends, or {@code offset} if there is none. */
    private int entryAt(int offset) throws IOException {
        EntryFormat.Header header = headerAt(offset);
        if (header == null || (long) offset + header.entryBytes() > size) {
            return offset;
        }
        byte[] payload = Layout.readExactly(file, offset + EntryFormat.HEADER_BYTES, header.length());
        RawEntry entry = new RawEntry(header.kind(), header.number(), Bytes.wrap(payload));
        if (EntryFormat.checksum(payload) != header.payloadChecksum() || !entry.isSensible()) {
            return offset;
        }
        entries.add(entry);
        offsets.add(offset);
        provenEnd = Math.max(provenEnd, header.reported());
        int end = offset + header.entryBytes();
        return header.isLast() ? Layout.blockEnd(end) : end;
    }

    private EntryFormat.Header headerAt(int offset) throws IOException {
        return move(offset) ? format.header(window, offset) : null;
    }

    private boolean isTerminator(int offset) throws IOException {
        if (!move(offset)) {
            return false;
        }
        for (int i = 0; i < EntryFormat.TERMINATOR_BYTES; i++) {
            if (window.get(window.position() + i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * What was cut off is the end of the log only if nothing was written after it had been reported durable. Whatever was
     * says so.
     */
    private void findProofs(int from) throws IOException {
        for (int offset = from; move(offset); offset += EntryFormat.ALIGNMENT) {
            if (window.getInt(window.position()) == EntryFormat.MAGIC) {
                EntryFormat.Header header = format.header(window, offset);
                provenEnd = header == null ? provenEnd : Math.max(provenEnd, header.reported());
            }
        }
    }

    /** Moves the window so that a header at {@code offset} is in it, at its position; false if the file ends before. */
    private boolean move(int offset) throws IOException {
        if ((long) offset + EntryFormat.HEADER_BYTES > size) {
            return false;
        }
        if (offset < windowStart || offset + EntryFormat.HEADER_BYTES > windowStart + window.limit()) {
            windowStart = offset;
            window = ByteBuffer.wrap(Layout.readExactly(file, offset, Math.min(WINDOW_BYTES, size - offset)));
        }
        window.position(offset - windowStart);
        return true;
    }
}
