package dev.quorate.store.testkit;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.core.storage.StoredSnapshot;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** For each test of the contract a store that fails it. */
final class Defects {
    private Defects() {}

    static NavigableMap<String, Defect> all() {
        NavigableMap<String, Defect> all = new TreeMap<>();
        opening(all);
        recordsAndCells(all);
        snapshots(all);
        startingOver(all);
        return all;
    }

    private static void opening(NavigableMap<String, Defect> all) {
        all.put("aNewStoreIsFreshUntilSomethingIsKept", condition(found -> Condition.INTACT));
        all.put("aStoreThatWasUsedSaysSo", condition(found -> Condition.FRESH));
        all.put("aCellOrASnapshotIsUseToo", new Defect() {
            @Override
            Recovered recovered(Recovered found) {
                return found.records().isEmpty() ? with(found, Condition.FRESH) : found;
            }
        });
        all.put("nobodyElseOpensAStoreThatIsOpen", new Defect() {
            @Override
            OpenedStore open(StoreUnderTest sound, StoreOwner owner) throws StoreException {
                try {
                    sound.kill(); // So that the lock is free.
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
                return super.open(sound, owner);
            }
        });
        all.put("aStoreServesItsOwnerOnly", new Defect() {
            @Override
            OpenedStore open(StoreUnderTest sound, StoreOwner owner) throws StoreException {
                return super.open(sound, Samples.OWNER);
            }
        });
        all.put("aClosedStoreDoesNothing", new Defect() {
            private boolean closed;

            @Override
            void close(ReplicaStore store) throws StoreException {
                closed = true;
                super.close(store);
            }

            @Override
            void append(ReplicaStore store, List<LogEntry> group) throws StoreException {
                if (!closed) {
                    super.append(store, group);
                }
            }
        });
    }

    private static void recordsAndCells(NavigableMap<String, Defect> all) {
        all.put("recordsComeBackInTheOrderOfAppending", records(found -> {
            List<LogEntry.Logged> sorted = new ArrayList<>(found);
            sorted.sort((one, other) -> one.sequenceNumber().compareTo(other.sequenceNumber()));
            return sorted;
        }));
        all.put("recordsOfAllSizesComeBack", new Defect() {
            @Override
            void append(ReplicaStore store, List<LogEntry> group) throws StoreException {
                super.append(
                        store,
                        group.stream()
                                .filter(entry -> !(entry instanceof LogEntry.Logged logged)
                                        || logged.bytes().length() != 513)
                                .toList());
            }
        });
        all.put(
                "recordsThatLookLikeAStoreAreStillRecords",
                records(found -> found.stream()
                        .takeWhile(logged ->
                                logged.bytes().isEmpty() || logged.bytes().at(0) != 0)
                        .toList()));
        all.put("theLastValueOfACellCounts", new Defect() {
            private final SortedMap<String, Bytes> first = new TreeMap<>();

            @Override
            void append(ReplicaStore store, List<LogEntry> group) throws StoreException {
                for (LogEntry entry : group) {
                    if (entry instanceof LogEntry.Cell cell) {
                        first.putIfAbsent(cell.name(), cell.value());
                    }
                }
                super.append(store, group);
            }

            @Override
            Recovered recovered(Recovered found) {
                return new Recovered(found.condition(), found.records(), first, found.snapshots(), found.findings());
            }
        });
        all.put("tooManyCellsAreRefusedAsAWhole", new Defect() {
            @Override
            void append(ReplicaStore store, List<LogEntry> group) throws StoreException {
                for (LogEntry entry : group) {
                    super.append(store, List.of(entry));
                }
            }
        });
        all.put("whatIsDiscardedDoesNotComeBack", new Defect() {
            @Override
            void discardBelow(ReplicaStore store, SequenceNumber stable) {
                // Keeps everything for ever.
            }
        });
    }

    private static void snapshots(NavigableMap<String, Defect> all) {
        all.put("snapshotsComeBackNewestFirst", snapshots(found -> {
            List<StoredSnapshot> reversed = new ArrayList<>(found);
            Collections.reverse(reversed);
            return reversed;
        }));
        all.put("aSnapshotMayBeKeptAgainWithACertificate", new Defect() {
            private boolean kept;

            @Override
            void keep(ReplicaStore store, Snapshot snapshot) throws StoreException {
                if (!kept) {
                    super.keep(store, snapshot);
                }
                kept = true;
            }
        });
        all.put(
                "discardingSnapshotsLeavesWhatOthersNeedOfThem",
                snapshots(found -> found.size() > 1 ? found : List.of()));
    }

    private static void startingOver(NavigableMap<String, Defect> all) {
        Defect forgetful = condition(found -> found == Condition.REJOINING ? Condition.INTACT : found);
        all.put("startingOverLastsUntilTheRejoinEnds", forgetful);
        all.put("aFreshReplicaMayRejoinToo", forgetful);
        all.put("startingOverKeepsSnapshots", snapshots(found -> List.of()));
        all.put("nothingIsKeptBetweenLossAndStartingOver", new Defect() {
            @Override
            void append(ReplicaStore store, List<LogEntry> group) throws StoreException {
                try {
                    super.append(store, group);
                } catch (StoreException e) {
                    store.startOver(); // Silently.
                }
            }
        });
    }

    private static Recovered with(Recovered found, Condition condition) {
        return new Recovered(condition, found.records(), found.cells(), found.snapshots(), found.findings());
    }

    private static Defect condition(UnaryOperator<Condition> change) {
        return new Defect() {
            @Override
            Recovered recovered(Recovered found) {
                return with(found, change.apply(found.condition()));
            }
        };
    }

    private static Defect records(UnaryOperator<List<LogEntry.Logged>> change) {
        return new Defect() {
            @Override
            Recovered recovered(Recovered found) {
                return new Recovered(
                        found.condition(),
                        change.apply(found.records()),
                        found.cells(),
                        found.snapshots(),
                        found.findings());
            }
        };
    }

    private static Defect snapshots(UnaryOperator<List<StoredSnapshot>> change) {
        return new Defect() {
            @Override
            Recovered recovered(Recovered found) {
                return new Recovered(
                        found.condition(),
                        found.records(),
                        found.cells(),
                        change.apply(found.snapshots()),
                        found.findings());
            }
        };
    }
}
