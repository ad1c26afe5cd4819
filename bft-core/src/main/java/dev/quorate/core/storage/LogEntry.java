package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import java.util.regex.Pattern;

/** What is appended to the log. */
public sealed interface LogEntry {
    /** Recovered as it is, in its place among the others, until it is discarded by its sequence number. */
    record Logged(SequenceNumber sequenceNumber, Bytes bytes) implements LogEntry {
        public Logged {
            if (bytes.length() > ReplicaStore.MAX_RECORD_BYTES) {
                throw new IllegalArgumentException(
                        "a record of " + bytes.length() + " bytes, more than " + ReplicaStore.MAX_RECORD_BYTES);
            }
        }
    }

    /**
     * Sets a cell; never discarded.
     *
     * @param name 1 to 32 lower-case letters, digits and hyphens
     */
    record Cell(String name, Bytes value) implements LogEntry {
        private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

        public Cell {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("the name of a cell is 1 to 32 of a-z, 0-9 and -: " + name);
            }
            if (value.length() > ReplicaStore.MAX_CELL_BYTES) {
                throw new IllegalArgumentException(
                        "a cell of " + value.length() + " bytes, more than " + ReplicaStore.MAX_CELL_BYTES);
            }
        }
    }
}
