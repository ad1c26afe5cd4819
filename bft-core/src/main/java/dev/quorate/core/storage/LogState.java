package dev.quorate.core.storage;

import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a log adds up to, without its records. */
final class LogState {
    private final SortedMap<String, Bytes> cells = new TreeMap<>();
    /** Records below this sequence number are discarded. */
    private long floor;
    /** The first segment that is needed. */
    private long firstSegment = 1;

    void apply(RawEntry entry) {
        switch (entry.kind()) {
            case RECORD -> {
                // The log itself is where records are.
            }
            case CELL -> {
                LogEntry.Cell cell = entry.toCell().orElseThrow();
                cells.put(cell.name(), cell.value());
            }
            case FLOOR -> {
                floor = entry.number();
                firstSegment = entry.firstSegment();
            }
        }
    }

    /** What a new segment begins with, so that those before it may be deleted. */
    List<RawEntry> carried() {
        List<RawEntry> entries = new ArrayList<>();
        cells.forEach((name, value) -> entries.add(RawEntry.of(new LogEntry.Cell(name, value))));
        if (floor > 0) {
            entries.add(RawEntry.floor(floor, firstSegment));
        }
        return entries;
    }

    SortedMap<String, Bytes> cells() {
        return cells;
    }

    long floor() {
        return floor;
    }

    long firstSegment() {
        return firstSegment;
    }
}
