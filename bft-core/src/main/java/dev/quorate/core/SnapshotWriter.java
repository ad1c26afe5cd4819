package dev.quorate.core;

import dev.quorate.crypto.Bytes;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Where a service writes its state. The primitive writes are big-endian, as in {@link java.io.DataOutput}. */
public class SnapshotWriter extends DataOutputStream {
    public SnapshotWriter(OutputStream out) {
        super(out);
    }

    /** Writes the length (4 bytes) and then the bytes, for {@link SnapshotReader#readByteArray()}. */
    public void writeByteArray(byte[] bytes) throws IOException {
        writeInt(bytes.length);
        write(bytes);
    }

    /** Writes the content of a part, without its length. Costs next to nothing if the last snapshot had the same part. */
    public void writePart(SnapshotPart part) throws IOException {
        for (Bytes piece : part.pieces()) {
            write(piece.unsafeArray());
        }
    }
}
