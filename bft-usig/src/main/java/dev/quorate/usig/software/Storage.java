package dev.quorate.usig.software;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file of fixed size. What a crash may do to a write that was not followed by {@link #force}: leave anything in the
 * written range; what lies outside of it stays as it was.
 */
interface Storage extends Closeable {
    /** Reads exactly {@code length} bytes at {@code position}. */
    byte[] read(long position, int length) throws IOException;

    void write(long position, byte[] bytes) throws IOException;

    /** Returns when all that was written survives a loss of power. */
    void force() throws IOException;
}
