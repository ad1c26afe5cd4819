package dev.quorate.core.storage.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. */
public interface DiskFile extends Closeable {
    /** In bytes. */
    long size() throws IOException;

    /** Reads until {@code into} is full or the file ends; returns the number of bytes read, 0 at or after the end. */
    int read(long position, ByteBuffer into) throws IOException;

    /** Writes all that remains in {@code from}; the file grows if it has to. */
    void write(long position, ByteBuffer from) throws IOException;

    /** Cuts the file off; a file that is not longer stays as it is. */
    void truncate(long size) throws IOException;

    /**
     * Returns when all that was written survives a loss of power. If it throws, nobody knows what does, and another try
     * tells nothing: what failed once may pass for written.
     */
    void sync() throws IOException;
}
