package dev.quorate.core;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Where a service reads a state that a {@link SnapshotWriter} wrote. */
public final class SnapshotReader extends DataInputStream {
    public SnapshotReader(InputStream in) {
        super(in);
    }

    /** Reads what {@link SnapshotWriter#writeByteArray} wrote. A state is verified before it gets here. */
    public byte[] readByteArray() throws IOException {
        int length = readInt();
        if (length < 0) {
            throw new IOException("negative length " + length + " in a snapshot");
        }
        byte[] bytes = readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("snapshot ends " + (length - bytes.length) + " bytes too early");
        }
        return bytes;
    }
}
