package dev.quorate.usig.software;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file. */
final class FileStorage implements Storage {
    private final FileChannel channel;

    /** Opens a file that exists. */
    FileStorage(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public byte[] read(long position, int length) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining()) {
            if (channel.read(into, position + into.position()) < 0) {
                throw new EOFException("the file ends at " + channel.size());
            }
        }
        return into.array();
    }

    @Override
    public void write(long position, byte[] bytes) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        while (from.hasRemaining()) {
            channel.write(from, position + from.position());
        }
    }

    @Override
    public void force() throws IOException {
        // The size never changes, so there is no metadata to wait for.
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
