package dev.quorate.core.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use a directory.
 *
 * <p>Locks of files hold between processes, and go with the process, however it ends. Within this process a set of
 * directories is asked first, and not only for a better message: on POSIX systems, closing any channel to the file, also
 * that of an attempt that failed, would give up the lock of whoever holds it.
 */
final class DirectoryLock implements Closeable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock of a directory that exists. */
    static DirectoryLock take(Path directory, String name) throws IOException {
        Path file = directory.toRealPath().resolve(name);
        if (!HELD.add(file)) {
            throw new DiskInUseException("this process");
        }
        try {
            return new DirectoryLock(file, lock(file));
        } catch (IOException | RuntimeException e) {
            HELD.remove(file);
            throw e;
        }
    }

    /** The channel holds the lock, and gives it up when it is closed. */
    @SuppressWarnings("resource")
    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new DiskInUseException("another process");
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(file);
        }
    }
}
