package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The snapshots of a store. A chunk is a file that is named by its digest, so that consecutive snapshots share what is
 * equal in them. Every method of an instance has to be called with its lock held by the caller.
 */
final class SnapshotFiles {
    private final Disk disk;
    private final NavigableMap<SequenceNumber, SnapshotFile> kept = new TreeMap<>();
    /** Chunks that were written or read by this instance, and so are known to be sound. */
    private final Set<Digest> sound = new TreeSet<>();

    private SequenceNumber floor = SequenceNumber.ZERO;

    SnapshotFiles(Disk disk, List<SnapshotFile> found) {
        this.disk = disk;
        found.forEach(file -> kept.put(file.sequenceNumber(), file));
    }

    /** The oldest first. */
    List<SnapshotFile> kept() {
        return List.copyOf(kept.values());
    }

    /** The sequence number of the newest one, or {@link Mark#NO_SNAPSHOT}. */
    long newest() {
        return kept.isEmpty() ? Mark.NO_SNAPSHOT : kept.lastKey().value();
    }

    /** Nothing is discarded any more but what will be from now on. */
    void startOver() {
        floor = SequenceNumber.ZERO;
    }

    /** Deletes what interrupted writes and deletions left over, and snapshots that cannot be read. */
    void tidyUp() throws IOException {
        Set<String> needed = neededChunks();
        for (String name : disk.list()) {
            OptionalLong at = Layout.snapshotNumber(name);
            boolean unreadable = at.isPresent() && !kept.containsKey(new SequenceNumber(at.getAsLong()));
            if (name.endsWith(Layout.ASIDE) || unreadable || (Layout.isChunk(name) && !needed.contains(name))) {
                disk.delete(name);
            }
        }
    }

    private Set<String> neededChunks() {
        Set<String> needed = new TreeSet<>();
        for (SnapshotFile file : kept.values()) {
            file.chunks().forEach(part -> needed.add(Layout.chunk(part.digest())));
        }
        return needed;
    }

    void keep(Snapshot snapshot) throws IOException {
        boolean written = false;
        for (Snapshot.Chunk chunk : snapshot.chunks()) {
            if (!sound.contains(chunk.digest())
                    && read(disk, SnapshotFile.of(chunk)).isEmpty()) {
                Layout.writeAside(
                        disk,
                        Layout.chunk(chunk.digest()),
                        ByteBuffer.wrap(chunk.content().unsafeArray()).asReadOnlyBuffer());
                written = true;
            }
            sound.add(chunk.digest());
        }
        if (written) {
            disk.syncNames();
        }
        SnapshotFile file = SnapshotFile.of(snapshot);
        file.write(disk);
        disk.syncNames();
        SnapshotFile before = kept.put(file.sequenceNumber(), file);
        if (before != null) {
            deleteUnneeded(List.of(before));
        }
        deleteOld();
    }

    /** Deletes the snapshots below a sequence number, except the newest of all; from now on. */
    void discardBelow(SequenceNumber stable) throws IOException {
        floor = stable.isAfter(floor) ? stable : floor;
        deleteOld();
    }

    private void deleteOld() throws IOException {
        if (kept.isEmpty()) {
            return;
        }
        SequenceNumber newest = kept.lastKey();
        SequenceNumber keepFrom = floor.isAfter(newest) ? newest : floor;
        List<SnapshotFile> gone = new ArrayList<>(kept.headMap(keepFrom, false).values());
        if (gone.isEmpty()) {
            return;
        }
        for (SnapshotFile file : gone) {
            disk.delete(Layout.snapshot(file.sequenceNumber()));
            kept.remove(file.sequenceNumber());
        }
        // First the snapshots and then the chunks, or one would be there without its chunks.
        disk.syncNames();
        deleteUnneeded(gone);
    }

    private void deleteUnneeded(List<SnapshotFile> gone) throws IOException {
        Set<String> needed = neededChunks();
        for (SnapshotFile file : gone) {
            for (SnapshotFile.Part part : file.chunks()) {
                if (!needed.contains(Layout.chunk(part.digest()))) {
                    disk.delete(Layout.chunk(part.digest()));
                    sound.remove(part.digest());
                }
            }
        }
    }

    /** Reads a chunk; empty if it is missing, unreadable or damaged. */
    static Optional<Bytes> read(Disk disk, SnapshotFile.Part part) {
        try (DiskFile file = disk.open(Layout.chunk(part.digest()))) {
            if (file.size() != part.length() || part.length() > Snapshot.MAX_CHUNK_BYTES) {
                return Optional.empty();
            }
            Bytes content = Bytes.wrap(Layout.readExactly(file, 0, part.length()));
            return Digest.sha256(content).equals(part.digest()) ? Optional.of(content) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // What cannot be read has to come from others, whatever the reason.
        }
    }

    /** Whether a chunk is there, with its length. */
    static boolean isThere(Disk disk, SnapshotFile.Part part) throws IOException {
        try (DiskFile file = disk.open(Layout.chunk(part.digest()))) {
            return file.size() == part.length();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** A snapshot that is there, for whoever opened the store. */
    record Stored(Disk disk, SnapshotFile file, boolean isComplete) implements StoredSnapshot {
        @Override
        public SequenceNumber sequenceNumber() {
            return file.sequenceNumber();
        }

        @Override
        public Bytes certificate() {
            return file.certificate();
        }

        @Override
        public Bytes manifest() {
            return file.manifest();
        }

        @Override
        public List<Digest> chunkDigests() {
            return file.chunks().stream().map(SnapshotFile.Part::digest).toList();
        }

        @Override
        public Optional<Bytes> chunk(int index) {
            return read(disk, file.chunks().get(index));
        }
    }
}
