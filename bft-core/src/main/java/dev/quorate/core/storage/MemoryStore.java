package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.StoreException.Reason;
import dev.quorate.core.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A store that keeps nothing: the mode {@code memory}. What a replica has to remember while it runs, it has in its own
 * state. Thread-safe.
 */
public final class MemoryStore implements ReplicaStore {
    /** Leaves word that from now on something was said that is not kept. */
    private interface Witness extends Closeable {
        void somethingIsSaid() throws IOException;
    }

    private final Witness witness;
    private final Set<String> cells = new TreeSet<>();
    private boolean lost;
    private boolean used;
    private boolean closed;

    private MemoryStore(boolean lost, Witness witness) {
        this.lost = lost;
        this.witness = witness;
    }

    /** Opens a store of which nothing is left when the process ends, not even that it was there. */
    public static OpenedStore open() {
        Witness nobody = new Witness() {
            @Override
            public void somethingIsSaid() {
                // There is nobody to be told.
            }

            @Override
            public void close() {
                // Nothing to give up.
            }
        };
        return new OpenedStore(
                new MemoryStore(false, nobody),
                new Recovered(Condition.FRESH, List.of(), Collections.emptySortedMap(), List.of(), List.of()));
    }

    /** A store that keeps nothing, beside files that will know that it was used. */
    static OpenedStore beside(Disk disk, StoreReader.Reading reading, Closeable lock) {
        List<Finding> findings = new ArrayList<>(reading.findings());
        boolean fresh = reading.condition() == Condition.FRESH;
        if (!fresh && !reading.isLost()) {
            findings.add(new Finding(
                    Finding.Category.AMNESIA,
                    Layout.MARK,
                    "the store was used before, and in mode memory a replica that restarts has forgotten what it said,"
                            + " so it has to start over and rejoin"));
        }
        Witness mark = new Witness() {
            @Override
            public void somethingIsSaid() throws IOException {
                if (!reading.isLost()) { // Else the files say already that nothing in them counts.
                    try (MarkFile file = MarkFile.open(disk, reading.mark().orElseThrow())) {
                        file.settle(file.mark().with(Mark.Status.VOLATILE));
                    }
                }
            }

            @Override
            public void close() throws IOException {
                lock.close();
            }
        };
        return new OpenedStore(
                new MemoryStore(!fresh, mark),
                new Recovered(
                        fresh ? Condition.FRESH : Condition.LOST,
                        List.of(),
                        Collections.emptySortedMap(),
                        List.of(),
                        findings));
    }

    @Override
    public Durability durability() {
        return Durability.MEMORY;
    }

    @Override
    public synchronized void append(List<LogEntry> group) throws StoreException {
        use();
        Set<String> names = new TreeSet<>(cells);
        for (LogEntry entry : group) {
            if (entry instanceof LogEntry.Cell cell) {
                names.add(cell.name());
            }
        }
        if (names.size() > MAX_CELLS) {
            throw new IllegalArgumentException("more than " + MAX_CELLS + " cells: " + names);
        }
        cells.addAll(names);
    }

    @Override
    public synchronized void keep(Snapshot snapshot) throws StoreException {
        use();
    }

    @Override
    public synchronized void discardBelow(SequenceNumber stable) throws StoreException {
        use();
    }

    @Override
    public synchronized void startOver() throws StoreException {
        checkOpen();
        witness();
        lost = false;
        cells.clear();
    }

    @Override
    public synchronized void endRejoin() throws StoreException {
        use();
    }

    private void use() throws StoreException {
        checkOpen();
        if (lost) {
            throw new StoreException(
                    Reason.LOST, "the replica has to start over and rejoin before it may say anything");
        }
        witness();
    }

    private void witness() throws StoreException {
        if (!used) {
            try {
                witness.somethingIsSaid();
            } catch (IOException e) {
                throw new StoreException(
                        Reason.FAILED,
                        "cannot note that the replica runs in mode memory (" + e + "): see to the disk",
                        e);
            }
            used = true;
        }
    }

    private void checkOpen() throws StoreException {
        if (closed) {
            throw new StoreException(Reason.CLOSED, "the store is closed");
        }
    }

    @Override
    public synchronized void close() throws StoreException {
        if (!closed) {
            closed = true;
            try {
                witness.close();
            } catch (IOException e) {
                throw new StoreException(Reason.FAILED, "cannot give up the store's directory (" + e + ")", e);
            }
        }
    }
}
