package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * An entry as it is in a segment.
 *
 * @param number a record's sequence number, or the new floor; 0 for a cell
 */
record RawEntry(Kind kind, long number, Bytes payload) {
    enum Kind {
        RECORD(1),
        CELL(2),
        /** Records below a number are discarded, and with them the segments before one. */
        FLOOR(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** Empty if no kind has this code. */
        static Optional<Kind> ofCode(int code) {
            return Arrays.stream(values()).filter(kind -> kind.code == code).findFirst();
        }
    }

    static RawEntry of(LogEntry entry) {
        if (entry instanceof LogEntry.Logged logged) {
            return new RawEntry(Kind.RECORD, logged.sequenceNumber().value(), logged.bytes());
        }
        LogEntry.Cell cell = (LogEntry.Cell) entry;
        byte[] name = cell.name().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(1 + name.length + cell.value().length());
        out.put((byte) name.length).put(name).put(cell.value().unsafeArray());
        return new RawEntry(Kind.CELL, 0, Bytes.wrap(out.array()));
    }

    static RawEntry floor(long number, long firstSegment) {
        return new RawEntry(
                Kind.FLOOR,
                number,
                Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(firstSegment).array()));
    }

    LogEntry.Logged toRecord() {
        return new LogEntry.Logged(new SequenceNumber(number), payload);
    }

    /** Empty if the payload is none of a cell. */
    Optional<LogEntry.Cell> toCell() {
        try {
            ByteBuffer in = ByteBuffer.wrap(payload.unsafeArray());
            byte[] name = new byte[in.get() & 0xff];
            in.get(name);
            byte[] value = Arrays.copyOfRange(in.array(), in.position(), in.limit());
            return Optional.of(new LogEntry.Cell(new String(name, StandardCharsets.US_ASCII), Bytes.wrap(value)));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The first segment that is still needed. */
    long firstSegment() {
        return ByteBuffer.wrap(payload.unsafeArray()).getLong();
    }

    /** Whether it can have been written by this program. */
    boolean isSensible() {
        return number >= 0
                && switch (kind) {
                    case RECORD -> true;
                    case CELL -> toCell().isPresent();
                    case FLOOR -> payload.length() == Long.BYTES && firstSegment() >= 1;
                };
    }
}
