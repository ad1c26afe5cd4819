package dev.quorate.usig.software;

import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to use one USIG's directory: two users of one counter would give out the same values.
 *
 * <p>Locks of files hold between processes, and go with the process, however it ends. Within this process a set of
 * directories is asked first, and not only for a better message: on POSIX systems, closing any channel to the file, also
 * that of an attempt that failed, would give up the lock of whoever holds it.
 */
final class StateLock implements AutoCloseable {
    private static final String FILE = "usig.lock";
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private StateLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Takes the lock of a directory that exists; throws {@link Reason#IN_USE} if somebody else has it. */
    static StateLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw inUse(real, "this process");
        }
        try {
            return new StateLock(real, lock(real));
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    /** The channel holds the lock, and gives it up when it is closed. */
    @SuppressWarnings("resource")
    private static FileChannel lock(Path real) throws IOException {
        FileChannel channel = FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw inUse(real, "another process");
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static UsigStateException inUse(Path directory, String who) {
        return new UsigStateException(
                Reason.IN_USE,
                who + " has the USIG in " + directory + " open. Each replica needs a USIG directory of its own; if this"
                        + " one's replica is still running, stop it first");
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(directory);
        }
    }
}
