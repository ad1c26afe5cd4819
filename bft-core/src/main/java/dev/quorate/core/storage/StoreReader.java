package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Finding.Category;
import dev.quorate.core.storage.disk.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a store's files and judges what they are worth. Writes nothing. */
final class StoreReader {
    private static final String REJOIN = ", so the replica has to start over and rejoin";

    private final Disk disk;
    private final List<Finding> findings = new ArrayList<>();

    private StoreReader(Disk disk) {
        this.disk = disk;
    }

    /**
     * What was read.
     *
     * @param isUnborn whether there is no store, or one whose making was interrupted
     * @param snapshots the readable ones, the oldest first
     * @param isEmpty whether nothing was ever kept
     */
    record Reading(
            boolean isUnborn,
            Optional<IdentityFile> identity,
            Optional<MarkFile.Reading> mark,
            LogReader.Contents log,
            List<SnapshotFile> snapshots,
            boolean isEmpty,
            List<Finding> findings) {
        boolean isLost() {
            return findings.stream().anyMatch(finding -> finding.category() == Category.AMNESIA);
        }

        Condition condition() {
            if (isUnborn) {
                return Condition.FRESH;
            }
            if (isLost()) {
                return Condition.LOST;
            }
            if (mark.orElseThrow().mark().status() == Mark.Status.REJOINING) {
                return Condition.REJOINING;
            }
            return isEmpty ? Condition.FRESH : Condition.INTACT;
        }
    }

    static Reading read(Disk disk) throws IOException {
        return new StoreReader(disk).read();
    }

    private Reading read() throws IOException {
        List<String> names = disk.list();
        boolean hasIdentity = names.contains(Layout.IDENTITY);
        Optional<IdentityFile> identity = hasIdentity ? IdentityFile.read(disk) : Optional.empty();
        Optional<MarkFile.Reading> mark = names.contains(Layout.MARK) ? MarkFile.read(disk) : Optional.empty();
        if (isUnborn(names, mark)) {
            return new Reading(true, identity, mark, new LogReader.Contents(), List.of(), true, List.of());
        }
        judgeIdentity(hasIdentity, identity);
        judgeMark(identity, mark);
        LogReader.Contents log = new LogReader.Contents();
        if (identity.isPresent() && mark.isPresent()) {
            log = new LogReader(disk, identity.get().salt(), mark.get().mark(), findings).read();
        }
        List<SnapshotFile> snapshots = readSnapshots(names);
        mark.ifPresent(there -> judgeNewest(there.mark().newestSnapshot(), names));
        boolean isEmpty = log.records.isEmpty()
                && log.state.cells().isEmpty()
                && log.state.floor() == 0
                && names.stream().noneMatch(name -> Layout.snapshotNumber(name).isPresent());
        return new Reading(false, identity, mark, log, snapshots, isEmpty, List.copyOf(findings));
    }

    /** Before the mark says that the store is made, nothing can have been kept in it. */
    private static boolean isUnborn(List<String> names, Optional<MarkFile.Reading> mark) {
        boolean marked = names.contains(Layout.MARK);
        boolean making = mark.isPresent() && mark.get().mark().status() == Mark.Status.NEW;
        boolean anything = names.stream()
                .anyMatch(name -> name.equals(Layout.IDENTITY)
                        || Layout.segmentNumber(name).isPresent()
                        || Layout.snapshotNumber(name).isPresent());
        boolean more = names.stream()
                .anyMatch(name -> Layout.snapshotNumber(name).isPresent()
                        || Layout.segmentNumber(name).orElse(1) != 1);
        return making ? !more : !marked && !anything;
    }

    private void judgeIdentity(boolean isThere, Optional<IdentityFile> identity) {
        if (!isThere) {
            lost(Layout.IDENTITY, "the file that says whose store this is, is missing" + REJOIN);
        } else if (identity.isEmpty()) {
            lost(Layout.IDENTITY, "the file that says whose store this is, is damaged" + REJOIN);
        }
    }

    private void judgeMark(Optional<IdentityFile> identity, Optional<MarkFile.Reading> read) {
        if (read.isEmpty()) {
            lost(Layout.MARK, "nothing says how far the log was durable: the file is missing or damaged" + REJOIN);
            return;
        }
        Mark mark = read.get().mark();
        boolean sameLog =
                identity.isPresent() && identity.get().salt().equals(read.get().salt());
        if (mark.status() == Mark.Status.STARTING_OVER || (identity.isPresent() && !sameLog)) {
            lost(Layout.MARK, "the replica was starting over when a crash came, and has to start over again");
        } else if (mark.status() == Mark.Status.VOLATILE) {
            lost(Layout.MARK, "the replica was run in mode memory, and what it said then was not kept" + REJOIN);
        } else if (mark.mayHaveForgotten(disk)) {
            lost(
                    Layout.MARK,
                    "the machine was started again while the replica was running in mode async, and what was not written"
                            + " yet is gone" + REJOIN);
        } else if (read.get().otherIsDamaged()) {
            findings.add(new Finding(
                    Category.REPAIRABLE,
                    Layout.MARK,
                    "one of the two copies is unreadable; the other one counts, and both are written again"));
        }
    }

    private List<SnapshotFile> readSnapshots(List<String> names) throws IOException {
        List<SnapshotFile> snapshots = new ArrayList<>();
        for (String name : names) {
            OptionalLong at = Layout.snapshotNumber(name);
            if (at.isPresent()) {
                Optional<SnapshotFile> file = SnapshotFile.read(disk, new SequenceNumber(at.getAsLong()));
                file.ifPresent(snapshots::add);
                if (file.isEmpty()) {
                    findings.add(new Finding(
                            Category.REPAIRABLE,
                            name,
                            "the snapshot is damaged; an older one has to do, or the state of other replicas"));
                }
            }
        }
        return snapshots;
    }

    private void judgeNewest(long newest, List<String> names) {
        if (newest != Mark.NO_SNAPSHOT) {
            String name = Layout.snapshot(new SequenceNumber(newest));
            if (!names.contains(name)) {
                findings.add(new Finding(
                        Category.REPAIRABLE,
                        name,
                        "the newest snapshot is missing; an older one has to do, or the state of other replicas"));
            }
        }
    }

    /** What the caller of an opening gets to know; {@code kept} are the snapshots, the oldest first. */
    static Recovered recovered(Disk disk, Reading reading, List<SnapshotFile> kept) throws IOException {
        List<Finding> all = new ArrayList<>(reading.findings);
        List<StoredSnapshot> snapshots = new ArrayList<>();
        for (SnapshotFile file : kept) {
            int missing = 0;
            for (SnapshotFile.Part part : file.chunks()) {
                missing += SnapshotFiles.isThere(disk, part) ? 0 : 1;
            }
            if (missing > 0) {
                all.add(new Finding(
                        Category.REPAIRABLE,
                        Layout.snapshot(file.sequenceNumber()),
                        missing + " of its " + file.chunks().size()
                                + " chunks are missing or have a wrong length, and have to come from other replicas"));
            }
            snapshots.add(new SnapshotFiles.Stored(disk, file, missing == 0));
        }
        Collections.reverse(snapshots);
        boolean lost = reading.isLost();
        return new Recovered(
                reading.condition(),
                lost ? List.of() : reading.log.records,
                lost ? Collections.emptySortedMap() : reading.log.state.cells(),
                snapshots,
                all);
    }

    private void lost(String where, String what) {
        findings.add(new Finding(Category.AMNESIA, where, what));
    }
}
