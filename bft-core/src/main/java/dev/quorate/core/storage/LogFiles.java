package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * An open log: its last segment and the mark.
 *
 * <p>Every opening begins a new segment, whose header says where the one before ends. So what a crash left behind that
 * end is out of the way for good: it cannot come to life again behind entries that are appended later.
 */
record LogFiles(LogWriter writer, MarkFile mark) implements Closeable {

    /** Makes the files of an empty store, in the place of whatever an interrupted attempt left. */
    static void create(Disk disk, StoreOwner owner, FileStoreSettings settings) throws IOException {
        IdentityFile identity = IdentityFile.of(owner, disk);
        Mark mark = Mark.making(settings.durability(), disk);
        MarkFile.create(disk, identity.salt(), mark);
        identity.write(disk);
        beginLog(disk, identity.salt(), mark.with(Mark.Status.SOUND), settings);
    }

    private static void beginLog(Disk disk, Bytes salt, Mark mark, FileStoreSettings settings) throws IOException {
        disk.delete(Layout.SPARE);
        SegmentHeader first = new Segments(disk, salt, settings.segmentBytes()).make(1, 0, List.of(), List.of(), 0);
        MarkFile.create(disk, salt, mark.at(1, first.filled()));
    }

    /**
     * Empties a log. Whatever crash comes, the store either is as it was, or says that this has to be done again, or is
     * {@link Mark.Status#REJOINING}.
     *
     * @param newestSnapshot the sequence number of the newest snapshot, which stays; or {@link Mark#NO_SNAPSHOT}
     */
    static void startOver(Disk disk, StoreOwner owner, FileStoreSettings settings, long newestSnapshot)
            throws IOException {
        IdentityFile identity = IdentityFile.of(owner, disk);
        Mark mark = Mark.making(settings.durability(), disk).withSnapshot(newestSnapshot);
        MarkFile.create(disk, identity.salt(), mark.with(Mark.Status.STARTING_OVER));
        for (String name : disk.list()) {
            if (Layout.segmentNumber(name).isPresent()) {
                disk.delete(name);
            }
        }
        disk.syncNames();
        identity.write(disk);
        beginLog(disk, identity.salt(), mark.with(Mark.Status.REJOINING), settings);
    }

    /** Goes on with a log that is all there. */
    static LogFiles open(Disk disk, StoreReader.Reading reading, FileStoreSettings settings) throws IOException {
        LogReader.Contents log = reading.log();
        SegmentHeader last = log.last.orElseThrow();
        MarkFile mark = MarkFile.open(disk, reading.mark().orElseThrow());
        try {
            disk.delete(Layout.SPARE);
            boolean unused = log.durable == last.start() && log.uncertain.isEmpty();
            Segments segments = new Segments(disk, last.salt(), settings.segmentBytes());
            SegmentHeader next = segments.make(
                    unused ? last.number() : last.number() + 1,
                    unused ? last.previousEnd() : log.durable,
                    log.state.carried(),
                    log.uncertain,
                    0);
            mark.settle(mark.mark().opened(settings.durability(), disk).at(next.number(), next.filled()));
            if (!unused) {
                shorten(disk, last.number(), log.durable);
            }
            for (long number : log.leftOver) {
                disk.delete(Layout.segment(number));
            }
            boolean syncing = settings.durability() == Durability.SYNC;
            return new LogFiles(new LogWriter(disk, next, segments, mark, syncing, log.state, log.highest), mark);
        } catch (IOException | RuntimeException e) {
            mark.close();
            throw e;
        }
    }

    /** Frees the room behind the end of a segment that nothing is appended to any more. */
    private static void shorten(Disk disk, long number, int end) throws IOException {
        try (DiskFile file = disk.open(Layout.segment(number))) {
            file.truncate(end);
        }
    }

    /** Closes in good order, if {@code clean}, or else just lets go. */
    void close(boolean clean) throws IOException {
        try (mark;
                writer) {
            if (clean) {
                writer.sync();
                mark.settle(mark.mark().closed());
            }
        }
    }

    @Override
    public void close() throws IOException {
        close(false);
    }

    /** The cells as they are now. */
    SortedMap<String, Bytes> cells() {
        return Collections.unmodifiableSortedMap(writer.state().cells());
    }
}
