package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskInUseException;
import java.io.Closeable;
import java.io.IOException;

/** The right to use a store: two replicas with one memory would contradict each other. */
final class StoreLock {
    private StoreLock() {}

    static Closeable take(Disk disk) throws IOException {
        try {
            return disk.lock(Layout.LOCK);
        } catch (DiskInUseException e) {
            throw new StoreException(
                    StoreException.Reason.IN_USE,
                    e.getMessage() + " has the store in " + disk
                            + " open. Each replica needs a directory of its own; if"
                            + " this one's replica is still running, stop it first",
                    e);
        }
    }
}
