package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Writes numbers big-endian, and byte strings after their length (4 bytes). */
final class StrictWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    StrictWriter writeByte(int value) {
        out.write(value);
        return this;
    }

    StrictWriter writeInt(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    StrictWriter writeLong(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    StrictWriter writeBoolean(boolean value) {
        return writeByte(value ? 1 : 0);
    }

    StrictWriter writeBytes(Bytes bytes) {
        writeInt(bytes.length());
        out.writeBytes(bytes.unsafeArray());
        return this;
    }

    StrictWriter writeOptionalBytes(Optional<Bytes> bytes) {
        writeBoolean(bytes.isPresent());
        bytes.ifPresent(this::writeBytes);
        return this;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
