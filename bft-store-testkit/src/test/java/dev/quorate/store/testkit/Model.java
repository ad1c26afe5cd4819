package dev.quorate.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoredSnapshot;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What must be in a store: all that was reported done, and of what was under way either nothing or all, or of a group a
 * prefix. Immutable.
 */
record Model(
        boolean isRejoining,
        List<LogEntry> entries,
        SequenceNumber floor,
        NavigableMap<SequenceNumber, Snapshot> snapshots) {

    static final Model EMPTY = new Model(false, List.of(), SequenceNumber.ZERO, new TreeMap<>());

    Model append(List<LogEntry> group) {
        List<LogEntry> all = new ArrayList<>(entries);
        for (LogEntry entry : group) {
            if (!(entry instanceof LogEntry.Logged logged)
                    || logged.sequenceNumber().compareTo(floor) >= 0) {
                all.add(entry);
            }
        }
        return new Model(isRejoining, all, floor, snapshots);
    }

    /** What may be there if it ends in the middle of appending. */
    List<Model> whileAppending(List<LogEntry> group) {
        List<Model> possible = new ArrayList<>();
        for (int length = 0; length <= group.size(); length++) {
            possible.add(append(group.subList(0, length)));
        }
        return possible;
    }

    Model keep(Snapshot snapshot) {
        NavigableMap<SequenceNumber, Snapshot> more = new TreeMap<>(snapshots);
        more.put(snapshot.sequenceNumber(), snapshot);
        return new Model(isRejoining, entries, floor, without(more, floor));
    }

    Model discardBelow(SequenceNumber stable) {
        SequenceNumber newFloor = stable.isAfter(floor) ? stable : floor;
        return new Model(isRejoining, entries, newFloor, without(snapshots, newFloor));
    }

    private static NavigableMap<SequenceNumber, Snapshot> without(
            NavigableMap<SequenceNumber, Snapshot> all, SequenceNumber floor) {
        NavigableMap<SequenceNumber, Snapshot> left = new TreeMap<>(all);
        if (!left.isEmpty()) {
            left.headMap(floor.isAfter(left.lastKey()) ? left.lastKey() : floor, false)
                    .clear();
        }
        return left;
    }

    /** What may be there if it ends in the middle of discarding: an opening finishes what was begun. */
    List<Model> whileDiscarding(SequenceNumber stable) {
        return List.of(this, discardBelow(stable));
    }

    Model startOver() {
        return new Model(true, List.of(), SequenceNumber.ZERO, snapshots);
    }

    Model endRejoin() {
        return new Model(false, entries, floor, snapshots);
    }

    List<LogEntry.Logged> records() {
        List<LogEntry.Logged> records = new ArrayList<>();
        for (LogEntry entry : entries) {
            if (entry instanceof LogEntry.Logged logged
                    && logged.sequenceNumber().compareTo(floor) >= 0) {
                records.add(logged);
            }
        }
        return records;
    }

    SortedMap<String, Bytes> cells() {
        SortedMap<String, Bytes> cells = new TreeMap<>();
        for (LogEntry entry : entries) {
            if (entry instanceof LogEntry.Cell cell) {
                cells.put(cell.name(), cell.value());
            }
        }
        return cells;
    }

    private Condition condition() {
        boolean anything = !entries.isEmpty() || floor.value() > 0 || !snapshots.isEmpty();
        return isRejoining ? Condition.REJOINING : anything ? Condition.INTACT : Condition.FRESH;
    }

    /** Whether this is what was recovered. */
    boolean is(Recovered recovered) {
        return recovered.condition() == condition()
                && recovered.records().equals(records())
                && recovered.cells().equals(cells())
                && haveSnapshots(recovered);
    }

    /** What is known if the log is lost: the snapshots are not. */
    static Model lost(Recovered recovered, List<Model> possible, String when) {
        NavigableMap<SequenceNumber, Snapshot> there = new TreeMap<>();
        for (StoredSnapshot snapshot : recovered.snapshots()) {
            there.put(snapshot.sequenceNumber(), Samples.whole(snapshot).orElseThrow());
        }
        assertThat(possible)
                .as("%s: snapshots", when)
                .anyMatch(model -> there.entrySet().containsAll(model.snapshots.entrySet()));
        return new Model(false, List.of(), SequenceNumber.ZERO, there);
    }

    private boolean haveSnapshots(Recovered recovered) {
        List<StoredSnapshot> there = recovered.snapshots();
        return there.stream()
                .map(Samples::whole)
                .toList()
                .equals(snapshots.descendingMap().values().stream()
                        .map(Optional::of)
                        .toList());
    }

    /** The one of several possible ones that was recovered. */
    static Model found(Recovered recovered, List<Model> possible, String when) {
        Optional<Model> found =
                possible.stream().filter(model -> model.is(recovered)).findFirst();
        assertThat(found)
                .as(
                        "%s: recovered %s, which is none of %s",
                        when,
                        describe(
                                recovered.condition(),
                                recovered.records(),
                                recovered.cells(),
                                recovered.snapshots().stream()
                                        .map(Samples::whole)
                                        .toList()),
                        possible)
                .isPresent();
        return found.orElseThrow();
    }

    private static String describe(Object... parts) {
        return Arrays.toString(parts);
    }

    @Override
    public String toString() {
        return describe(condition(), "below " + floor, records(), cells(), snapshots.values());
    }
}
