package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.StoreException.Reason;
import dev.quorate.core.storage.disk.DirectoryDisk;
import dev.quorate.core.storage.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A store in the files of one directory; docs/storage.md describes them. A thread that uses it must not be interrupted:
 * that closes files, and the store fails.
 */
public final class FileStore implements ReplicaStore {
    private final Disk disk;
    private final StoreOwner owner;
    private final FileStoreSettings settings;
    private final Closeable lock;
    private final SnapshotFiles snapshots;
    private final Object logLock = new Object();
    private final Lock snapshotsLock = new ReentrantLock();
    /** What {@link #discardBelow} was told last; the snapshots below it go as soon as nobody writes one. */
    private final AtomicLong discardedBelow = new AtomicLong();

    private volatile LogFiles log;
    private volatile StoreException failure;
    private volatile boolean closed;

    private FileStore(
            Disk disk, StoreOwner owner, FileStoreSettings settings, Closeable lock, SnapshotFiles snapshots) {
        this.disk = disk;
        this.owner = owner;
        this.settings = settings;
        this.lock = lock;
        this.snapshots = snapshots;
    }

    /**
     * A store in a directory, which need not exist: what is said survives a loss of power. A directory is for one replica
     * of one cluster; nobody else may write to it.
     */
    public static StoreProvider in(Path directory) {
        return in(directory, Durability.SYNC);
    }

    /** The same with another durability, which may differ from opening to opening. */
    public static StoreProvider in(Path directory, Durability durability) {
        return in(directory, FileStoreSettings.of(durability));
    }

    /** The same with settings of one's own. */
    public static StoreProvider in(Path directory, FileStoreSettings settings) {
        return on(new DirectoryDisk(directory), settings);
    }

    /** A store on a disk of one's own making. */
    public static StoreProvider on(Disk disk, FileStoreSettings settings) {
        return owner -> open(disk, owner, settings);
    }

    private static OpenedStore open(Disk disk, StoreOwner owner, FileStoreSettings settings) throws StoreException {
        try {
            Closeable lock = StoreLock.take(disk);
            try {
                return open(disk, owner, settings, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw failed(disk, e);
        }
    }

    private static OpenedStore open(Disk disk, StoreOwner owner, FileStoreSettings settings, Closeable lock)
            throws IOException {
        StoreReader.Reading reading = StoreReader.read(disk);
        if (reading.identity().isPresent() && !reading.identity().get().owner().equals(owner)) {
            throw new StoreException(
                    Reason.FOREIGN,
                    "the store in " + disk + " is that of "
                            + reading.identity().get().owner() + ", not of " + owner
                            + ": give each replica a directory of its own");
        }
        if (reading.isUnborn()) {
            LogFiles.create(disk, owner, settings);
            reading = StoreReader.read(disk);
        }
        if (settings.durability() == Durability.MEMORY) {
            return MemoryStore.beside(disk, reading, lock);
        }
        SnapshotFiles snapshots = new SnapshotFiles(disk, reading.snapshots());
        FileStore store = new FileStore(disk, owner, settings, lock, snapshots);
        if (!reading.isLost()) { // Else everything stays as it is, for whoever wants to know what happened.
            store.log = LogFiles.open(disk, reading, settings);
            snapshots.discardBelow(new SequenceNumber(reading.log().state.floor()));
            snapshots.tidyUp();
        }
        return new OpenedStore(store, StoreReader.recovered(disk, reading, snapshots.kept()));
    }

    @Override
    public Durability durability() {
        return settings.durability();
    }

    @Override
    public void append(List<LogEntry> group) throws StoreException {
        synchronized (logLock) {
            checkUsable();
            checkCells(group);
            long floor = log.writer().state().floor();
            List<RawEntry> entries = group.stream()
                    .filter(entry -> !(entry instanceof LogEntry.Logged logged)
                            || logged.sequenceNumber().value() >= floor)
                    .map(RawEntry::of)
                    .toList();
            attempt(() -> log.writer().append(entries));
        }
    }

    private void checkCells(List<LogEntry> group) {
        Set<String> names = new TreeSet<>();
        Iterator<LogEntry> entries = group.iterator();
        while (entries.hasNext()) {
            if (entries.next() instanceof LogEntry.Cell cell) {
                names.add(cell.name());
            }
        }
        names.addAll(names.isEmpty() ? Set.of() : log.cells().keySet());
        if (names.size() > MAX_CELLS) {
            throw new IllegalArgumentException("more than " + MAX_CELLS + " cells: " + names);
        }
    }

    @Override
    public void keep(Snapshot snapshot) throws StoreException {
        snapshotsLock.lock();
        try {
            checkUsable();
            attempt(() -> snapshots.keep(snapshot));
        } finally {
            snapshotsLock.unlock();
        }
        synchronized (logLock) { // Only now: a snapshot that takes long holds up nobody.
            checkUsable();
            attempt(() -> {
                MarkFile mark = log.mark();
                mark.write(mark.mark().withSnapshot(snapshot.sequenceNumber().value()));
                mark.sync();
            });
        }
        discardSnapshots();
    }

    @Override
    public void discardBelow(SequenceNumber stable) throws StoreException {
        synchronized (logLock) {
            checkUsable();
            if (stable.value() > log.writer().state().floor()) {
                attempt(() -> log.writer().discardBelow(stable.value()));
            }
        }
        discardedBelow.accumulateAndGet(stable.value(), Math::max);
        discardSnapshots();
    }

    /** Not while one is being written, which may take long: then whoever writes it does this afterwards. */
    private void discardSnapshots() throws StoreException {
        boolean again = true;
        while (again && snapshotsLock.tryLock()) {
            long floor = discardedBelow.get();
            try {
                checkUsable();
                attempt(() -> snapshots.discardBelow(new SequenceNumber(floor)));
            } finally {
                snapshotsLock.unlock();
            }
            again = discardedBelow.get() != floor;
        }
    }

    @Override
    public void startOver() throws StoreException {
        long newestSnapshot;
        snapshotsLock.lock();
        try {
            checkOpen();
            newestSnapshot = snapshots.newest();
        } finally {
            snapshotsLock.unlock();
        }
        synchronized (logLock) {
            checkOpen();
            attempt(() -> {
                if (log != null) {
                    log.close(false);
                }
                LogFiles.startOver(disk, owner, settings, newestSnapshot);
                log = LogFiles.open(disk, StoreReader.read(disk), settings);
            });
        }
        snapshotsLock.lock();
        try {
            discardedBelow.set(0);
            snapshots.startOver();
            attempt(snapshots::tidyUp);
        } finally {
            snapshotsLock.unlock();
        }
    }

    @Override
    public void endRejoin() throws StoreException {
        synchronized (logLock) {
            checkUsable();
            attempt(() -> {
                log.writer().sync();
                log.mark().settle(log.mark().mark().with(Mark.Status.SOUND));
            });
        }
    }

    @Override
    public void close() throws StoreException {
        synchronized (logLock) {
            snapshotsLock.lock();
            try {
                if (closed) {
                    return;
                }
                closed = true;
                try (lock) {
                    if (log != null) {
                        log.close(failure == null);
                    }
                } catch (IOException e) {
                    throw failed(disk, e);
                }
            } finally {
                snapshotsLock.unlock();
            }
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    /** Whatever is interrupted may be half done, and nobody can know: then nothing more is done. */
    private void attempt(Attempt attempt) throws StoreException {
        StoreException broken = failed(disk, null);
        try {
            attempt.run();
            broken = null;
        } catch (IOException e) {
            broken = failed(disk, e);
            throw broken;
        } finally {
            failure = failure == null ? broken : failure;
        }
    }

    private void checkOpen() throws StoreException {
        if (closed) {
            throw new StoreException(Reason.CLOSED, "the store in " + disk + " is closed");
        }
        if (failure != null) {
            throw new StoreException(Reason.FAILED, failure.getMessage(), failure);
        }
    }

    private void checkUsable() throws StoreException {
        checkOpen();
        if (log == null) {
            throw new StoreException(
                    Reason.LOST,
                    "binding records were lost from the store in " + disk
                            + ": the replica has to start over and rejoin before it may say anything");
        }
    }

    private static StoreException failed(Disk disk, IOException cause) {
        String why = cause == null ? "interrupted" : cause.toString();
        return new StoreException(
                Reason.FAILED,
                "the store in " + disk + " failed (" + why + "). Nothing that was not confirmed before counts, and"
                        + " nothing more is stored. Stop the replica, see that the disk works and has room, and start the"
                        + " replica again",
                cause);
    }
}
