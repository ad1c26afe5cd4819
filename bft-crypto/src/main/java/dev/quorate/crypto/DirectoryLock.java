package dev.quorate.crypto;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The right to use a directory: whoever writes to one that holds what binds a replica has to be alone there. For any
 * thread.
 *
 * <p>Locks of files hold between processes, and go with the process, however it ends. Within this process a set of
 * directories is asked first, and not only for a better message: on POSIX systems, closing any channel to the file, also
 * that of an attempt that failed, would give up the lock of whoever holds it.
 */
public final class DirectoryLock implements Closeable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock of a directory that exists.
     *
     * @param name that of the file that is locked; it is made if it is not there, and stays
     * @param inUse makes what is thrown if somebody has it, of who that is, as the beginning of a sentence
     * @throws IOException if somebody has it, or the file cannot be made
     */
    public static DirectoryLock take(Path directory, String name, Function<String, ? extends IOException> inUse)
            throws IOException {
        Path file = directory.toRealPath().resolve(name);
        if (!HELD.add(file)) {
            throw inUse.apply("this process");
        }
        try {
            return new DirectoryLock(file, lock(file, inUse));
        } catch (IOException | RuntimeException e) {
            HELD.remove(file);
            throw e;
        }
    }

    /** The channel holds the lock, and gives it up when it is closed. */
    @SuppressWarnings("resource")
    private static FileChannel lock(Path file, Function<String, ? extends IOException> inUse) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse.apply("another process");
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Gives it back; again: no effect. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(file);
        }
    }
}
