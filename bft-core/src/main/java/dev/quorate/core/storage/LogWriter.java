package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Appends to the last segment of a log, and moves on to the next one. After an exception it is of no use any more. */
final class LogWriter implements Closeable {
    /** How many groups may pass until the mark is synced by itself. It is written after every one of them. */
    private static final int GROUPS_FOR_EACH_MARK = 64;

    private final Disk disk;
    private final Bytes salt;
    private final Segments segments;
    private final MarkFile mark;
    private final boolean syncing;
    private final LogState state;
    private final NavigableMap<Long, Long> highest;

    private DiskFile file;
    private EntryFormat format;
    private long number;
    private int end;
    private int capacity;
    private int groups;

    /**
     * Goes on with a new last segment.
     *
     * @param syncing whether groups are synced
     * @param state what the log adds up to so far
     * @param highest the highest sequence number in each segment
     */
    LogWriter(
            Disk disk,
            SegmentHeader last,
            Segments segments,
            MarkFile mark,
            boolean syncing,
            LogState state,
            NavigableMap<Long, Long> highest)
            throws IOException {
        this.disk = disk;
        this.salt = last.salt();
        this.segments = segments;
        this.mark = mark;
        this.syncing = syncing;
        this.state = state;
        this.highest = new TreeMap<>(highest);
        begin(last);
        // What was copied to it was in the one before.
        this.highest.put(number, highest.getOrDefault(number - 1, -1L));
    }

    private void begin(SegmentHeader header) throws IOException {
        file = disk.open(Layout.segment(header.number()));
        format = new EntryFormat(salt, header.number());
        number = header.number();
        end = header.filled();
        capacity = (int) Math.min(file.size(), Integer.MAX_VALUE);
        highest.put(number, -1L);
    }

    LogState state() {
        return state;
    }

    /** Appends a group and returns when it is as durable as it is to be; with one sync, or two if it needs a new segment. */
    void append(List<RawEntry> group) throws IOException {
        append(group, syncing);
    }

    private void append(List<RawEntry> group, boolean durably) throws IOException {
        int from = 0;
        while (from < group.size()) {
            int to = from;
            long bytes = 0;
            while (to < group.size() && bytes + EntryFormat.sizeOf(group.get(to)) <= room()) {
                bytes += EntryFormat.sizeOf(group.get(to++));
            }
            if (to == from) {
                rotate(EntryFormat.sizeOf(group.subList(from, from + 1)));
            } else {
                write(group.subList(from, to), durably);
                from = to;
            }
        }
    }

    /** How many bytes of entries fit in; whole blocks, and the one of the terminator is not among them. */
    private int room() {
        return (capacity - end) / Layout.BLOCK_BYTES * Layout.BLOCK_BYTES - Layout.BLOCK_BYTES;
    }

    private void write(List<RawEntry> group, boolean durably) throws IOException {
        file.write(end, format.group(group, end, end));
        if (durably) {
            file.sync();
        }
        end += EntryFormat.sizeOf(group);
        for (RawEntry entry : group) {
            state.apply(entry);
            if (entry.kind() == RawEntry.Kind.RECORD) {
                highest.merge(number, entry.number(), Math::max);
            }
        }
        mark.write(mark.mark().at(number, end));
        if (durably && ++groups % GROUPS_FOR_EACH_MARK == 0) {
            mark.sync();
        }
    }

    private void rotate(int room) throws IOException {
        if (!syncing) {
            file.sync();
        }
        file.close();
        begin(segments.make(number + 1, end, state.carried(), List.of(), room));
        mark.write(mark.mark().at(number, end));
        mark.sync();
    }

    /** Makes sure that records below {@code floor} are never recovered again, and deletes what holds nothing else. */
    void discardBelow(long floor) throws IOException {
        long before = state.firstSegment();
        long first = before;
        while (first < number && highest.get(first) < floor) {
            first++;
        }
        append(List.of(RawEntry.floor(floor, first)), true);
        mark.sync();
        for (long unneeded = before; unneeded < first; unneeded++) {
            highest.remove(unneeded);
            segments.retire(unneeded);
        }
    }

    /** Makes everything durable. */
    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
