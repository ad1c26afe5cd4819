package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads what {@link StrictWriter} writes, and nothing else: every value has exactly one encoding. Lengths are checked
 * before anything of that length is allocated.
 */
final class StrictReader {
    private final ByteBuffer in;

    StrictReader(Bytes bytes) {
        in = ByteBuffer.wrap(bytes.unsafeArray()).asReadOnlyBuffer();
    }

    int readByte() throws FormatException {
        require(Byte.BYTES);
        return in.get() & 0xff;
    }

    int readInt() throws FormatException {
        require(Integer.BYTES);
        return in.getInt();
    }

    long readLong() throws FormatException {
        require(Long.BYTES);
        return in.getLong();
    }

    boolean readBoolean() throws FormatException {
        int value = readByte();
        if (value > 1) {
            throw new FormatException(value + " is neither true nor false");
        }
        return value == 1;
    }

    Bytes readBytes() throws FormatException {
        int length = readInt();
        if (length < 0) {
            throw new FormatException("negative length " + length);
        }
        require(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }

    Optional<Bytes> readOptionalBytes() throws FormatException {
        return readBoolean() ? Optional.of(readBytes()) : Optional.empty();
    }

    void requireEnd() throws FormatException {
        if (in.hasRemaining()) {
            throw new FormatException(in.remaining() + " bytes too many");
        }
    }

    private void require(int bytes) throws FormatException {
        if (in.remaining() < bytes) {
            throw new FormatException((bytes - in.remaining()) + " bytes are missing");
        }
    }
}
