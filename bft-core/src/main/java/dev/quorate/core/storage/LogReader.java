package dev.quorate.core.storage;

import dev.quorate.core.storage.Finding.Category;
import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads a log and judges whether it is all there. Writes nothing. */
final class LogReader {
    private static final String LOST_RECORDS = " Binding records are lost, so the replica has to start over and rejoin";

    /** What a log consists of. */
    static final class Contents {
        final LogState state = new LogState();
        final List<LogEntry.Logged> records = new ArrayList<>();
        /** The highest sequence number of a record in each segment; -1 for none. */
        final NavigableMap<Long, Long> highest = new TreeMap<>();
        /** Segments that are there although nobody needs them. */
        final List<Long> leftOver = new ArrayList<>();
        /** The last segment, if there is a usable one. */
        Optional<SegmentHeader> last = Optional.empty();
        /** How far the last segment was durable for certain. */
        int durable;
        /** What comes after that. */
        List<RawEntry> uncertain = List.of();
    }

    private final Disk disk;
    private final Bytes salt;
    private final Mark mark;
    private final List<Finding> findings;
    /** Of every segment that is there; empty for a damaged one. */
    private final NavigableMap<Long, Optional<SegmentHeader>> headers = new TreeMap<>();

    private final Contents contents = new Contents();

    /** Adds what it finds to {@code findings}. */
    LogReader(Disk disk, Bytes salt, Mark mark, List<Finding> findings) {
        this.disk = disk;
        this.salt = salt;
        this.mark = mark;
        this.findings = findings;
    }

    Contents read() throws IOException {
        readHeaders();
        if (headers.isEmpty() || headers.lastKey() < mark.segment()) {
            if (mark.segment() > 0) {
                lost(Layout.segment(mark.segment()), "the segment is missing, although records in it were durable.");
            }
            return contents;
        }
        long last = headers.lastKey();
        SegmentHeader lastHeader = sound(last);
        if (lastHeader == null) {
            return contents;
        }
        SegmentReader.Contents tail = readSegment(lastHeader, 0);
        long first = firstNeeded(tail);
        headers.headMap(first).keySet().forEach(contents.leftOver::add);
        for (long number = first; number < last; number++) {
            replay(number);
        }
        judgeTail(lastHeader, tail);
        findUncertain(lastHeader, tail);
        apply(last, tail.entries());
        contents.last = Optional.of(lastHeader);
        contents.records.removeIf(logged -> logged.sequenceNumber().value() < contents.state.floor());
        return contents;
    }

    private void readHeaders() throws IOException {
        for (String name : disk.list()) {
            OptionalLong number = Layout.segmentNumber(name);
            if (number.isPresent()) {
                headers.put(number.getAsLong(), SegmentHeader.decode(Layout.readBlock(disk, name)));
            }
        }
    }

    /** The header of a segment that is needed; says what is wrong with it, and returns null, if something is. */
    private SegmentHeader sound(long number) {
        String name = Layout.segment(number);
        Optional<SegmentHeader> header = headers.get(number);
        if (header == null) {
            lost(name, "the segment is missing.");
        } else if (header.isEmpty()) {
            lost(name, "the header of the segment is damaged.");
        } else if (!header.get().salt().equals(salt)) {
            lost(name, "the segment belongs to another log.");
        } else if (header.get().number() != number) {
            lost(name, "the file holds segment " + header.get().number() + ".");
        } else {
            return header.get();
        }
        return null;
    }

    private SegmentReader.Contents readSegment(SegmentHeader header, int sealedEnd) throws IOException {
        try (DiskFile file = disk.open(Layout.segment(header.number()))) {
            return SegmentReader.read(file, header, sealedEnd);
        }
    }

    /** What the last segment says of the first one that is needed. */
    private static long firstNeeded(SegmentReader.Contents tail) {
        LogState state = new LogState();
        tail.entries().forEach(state::apply);
        return state.firstSegment();
    }

    /** Reads one of the segments before the last one. */
    private void replay(long number) throws IOException {
        String name = Layout.segment(number);
        SegmentHeader header = sound(number);
        Optional<SegmentHeader> next = headers.getOrDefault(number + 1, Optional.empty());
        if (header == null || next.isEmpty()) {
            return; // Without the next one, of which more is said in its turn, nobody knows where this one ends.
        }
        SegmentReader.Contents read = readSegment(header, next.get().previousEnd());
        if (read.end() != next.get().previousEnd()) {
            lost(
                    name,
                    "the entry at byte " + read.end() + " is damaged; the segment goes on up to byte "
                            + next.get().previousEnd() + ".");
        }
        apply(number, read.entries());
    }

    private void apply(long number, List<RawEntry> entries) {
        long highest = -1;
        for (RawEntry entry : entries) {
            contents.state.apply(entry);
            if (entry.kind() == RawEntry.Kind.RECORD) {
                contents.records.add(entry.toRecord());
                highest = Math.max(highest, entry.number());
            }
        }
        contents.highest.put(number, highest);
    }

    private void judgeTail(SegmentHeader header, SegmentReader.Contents tail) {
        String name = Layout.segment(header.number());
        int durable = reportedEnd(header, tail);
        if (tail.end() < durable) {
            lost(
                    name,
                    "the entry at byte " + tail.end() + " is damaged or missing, and everything up to byte " + durable
                            + " was durable.");
        } else if (!tail.clean()) {
            findings.add(new Finding(
                    Category.CUT,
                    name,
                    "what comes after byte " + tail.end() + " was being written when a crash came, and is cut off. It"
                            + " was never reported durable, so nothing that counts is lost"));
        }
    }

    private int reportedEnd(SegmentHeader header, SegmentReader.Contents tail) {
        int marked = mark.segment() == header.number() ? mark.end() : 0;
        return Math.max(Math.max(header.filled(), marked), tail.provenEnd());
    }

    /** What was not synced for certain may be in the system's cache only. */
    private void findUncertain(SegmentHeader header, SegmentReader.Contents tail) {
        contents.durable = mark.durability() == Durability.SYNC ? reportedEnd(header, tail) : header.filled();
        int first = 0;
        while (first < tail.offsets().size() && tail.offsets().get(first) < contents.durable) {
            first++;
        }
        contents.uncertain =
                List.copyOf(tail.entries().subList(first, tail.entries().size()));
    }

    private void lost(String name, String what) {
        findings.add(new Finding(Category.AMNESIA, name, what + LOST_RECORDS));
    }
}
