package dev.quorate.core;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Where a service writes its state. The primitive writes are big-endian, as in {@link java.io.DataOutput}. */
public final class SnapshotWriter extends DataOutputStream {
    public SnapshotWriter(OutputStream out) {
        super(out);
    }

    /** Writes the length (4 bytes) and then the bytes, for {@link SnapshotReader#readByteArray()}. */
    public void writeByteArray(byte[] bytes) throws IOException {
        writeInt(bytes.length);
        write(bytes);
    }
}
