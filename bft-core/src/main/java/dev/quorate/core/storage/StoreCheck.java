package dev.quorate.core.storage;

import dev.quorate.core.storage.Finding.Category;
import dev.quorate.core.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the store of a replica that is not running: reads all of it, also what an opening leaves for later, and changes
 * nothing.
 */
public final class StoreCheck {
    /**
     * What was found.
     *
     * @param owner empty if that cannot be read
     * @param contents what is there, a line each
     * @param findings what is not as it should be; none in a sound store
     */
    public record Report(
            Optional<StoreOwner> owner, Condition condition, List<String> contents, List<Finding> findings) {
        public Report {
            contents = List.copyOf(contents);
            findings = List.copyOf(findings);
        }

        /** Whether nothing has to be done: a tail that was cut off is no damage. */
        public boolean isSound() {
            return findings.stream().allMatch(finding -> finding.category() == Category.CUT);
        }

        /** All of it, for people, with a line for each thing. */
        @Override
        public String toString() {
            List<String> lines = new ArrayList<>();
            lines.add("store of " + owner.map(StoreOwner::toString).orElse("nobody known"));
            lines.addAll(contents);
            findings.forEach(finding -> lines.add(finding.toString()));
            lines.add(verdict());
            return String.join("\n", lines);
        }

        private String verdict() {
            String state =
                    switch (condition) {
                        case FRESH -> "Nothing was ever kept here.";
                        case INTACT -> "All records that were ever reported durable are there.";
                        case REJOINING -> "The replica was rejoining, and goes on with that when it is started.";
                        case LOST -> "The replica is amnesic: when it is started, it starts over and rejoins.";
                    };
            return isSound() || condition == Condition.LOST
                    ? state
                    : state + " What is damaged is mended when the replica is started.";
        }
    }

    private StoreCheck() {}

    /**
     * Checks a store.
     *
     * @throws StoreException if a replica has it open, if a later version wrote it, or if it cannot be read
     */
    public static Report check(Disk disk) throws StoreException {
        try {
            if (disk.list().isEmpty()) {
                return new Report(
                        Optional.empty(), Condition.FRESH, List.of("there is no store in " + disk), List.of());
            }
            try (Closeable lock = StoreLock.take(disk)) {
                return read(disk, lock);
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.FAILED, "the store in " + disk + " cannot be read (" + e + ")", e);
        }
    }

    /** @param lock shows that the caller has it */
    @SuppressWarnings("unused")
    private static Report read(Disk disk, Closeable lock) throws IOException {
        StoreReader.Reading reading = StoreReader.read(disk);
        List<Finding> findings = new ArrayList<>(reading.findings());
        List<String> contents = new ArrayList<>();
        LogReader.Contents log = reading.log();
        contents.add("log: " + log.highest.size() + " segments, " + log.records.size() + " records"
                + (log.records.isEmpty()
                        ? ""
                        : ", the last one of " + last(log.records).sequenceNumber())
                + (log.state.floor() == 0 ? "" : ", discarded below s=" + log.state.floor()));
        log.state.cells().forEach((name, value) -> contents.add("cell " + name + ": " + value));
        for (SnapshotFile file : reading.snapshots()) {
            contents.add("snapshot of " + file.sequenceNumber() + ": "
                    + file.chunks().size() + " chunks");
            checkChunks(disk, file, findings);
        }
        return new Report(reading.identity().map(IdentityFile::owner), reading.condition(), contents, findings);
    }

    private static LogEntry.Logged last(List<LogEntry.Logged> records) {
        return records.get(records.size() - 1);
    }

    private static void checkChunks(Disk disk, SnapshotFile file, List<Finding> findings) throws IOException {
        for (int i = 0; i < file.chunks().size(); i++) {
            SnapshotFile.Part part = file.chunks().get(i);
            if (SnapshotFiles.read(disk, part).isEmpty()) {
                String how = SnapshotFiles.isThere(disk, part) ? "damaged" : "missing, or has a wrong length";
                findings.add(new Finding(
                        Category.REPAIRABLE,
                        Layout.chunk(part.digest()),
                        "chunk " + i + " of the snapshot of " + file.sequenceNumber() + " is " + how
                                + ", and has to come from other replicas"));
            }
        }
    }
}
