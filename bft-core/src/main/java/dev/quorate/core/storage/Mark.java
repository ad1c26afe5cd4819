package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is kept beside the log about it.
 *
 * @param durability the mode in which it was opened last
 * @param clean whether it was closed since
 * @param boot stands for the start of the machine during which that was
 * @param segment with {@code end}: how far the log was reported durable
 * @param newestSnapshot the sequence number of the newest snapshot; {@value #NO_SNAPSHOT} for none
 */
record Mark(
        Status status, Durability durability, boolean clean, Digest boot, long segment, int end, long newestSnapshot) {
    static final long NO_SNAPSHOT = -1;

    /** What the log is worth. */
    enum Status {
        /** The store is being made. */
        NEW(1),
        /** It is all that the replica ever said. */
        SOUND(2),
        /** It is all that the replica said since it began to rejoin. */
        REJOINING(3),
        /** The log is being replaced by an empty one. */
        STARTING_OVER(4),
        /** The replica said things in mode {@code memory} that are not in the log. */
        VOLATILE(5);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        byte code() {
            return (byte) code;
        }

        /** Empty if no status has this code. */
        static Optional<Status> ofCode(int code) {
            return Arrays.stream(values()).filter(status -> status.code == code).findFirst();
        }
    }

    static byte code(Durability durability) {
        return switch (durability) {
            case MEMORY -> 1;
            case ASYNC -> 2;
            case SYNC -> 3;
        };
    }

    /** Empty if no durability has this code. */
    static Optional<Durability> durability(int code) {
        return Arrays.stream(Durability.values())
                .filter(durability -> code(durability) == code)
                .findFirst();
    }

    /** Of a machine that does not tell. Never equal to another start. */
    private static final Digest UNKNOWN_BOOT = Digest.of(new byte[Digest.LENGTH]);

    static Digest boot(Disk disk) {
        String id = disk.bootId();
        return id.isEmpty() ? UNKNOWN_BOOT : Digest.sha256(Bytes.wrap(id.getBytes(StandardCharsets.UTF_8)));
    }

    /** The mark of a store that is being made. */
    static Mark making(Durability durability, Disk disk) {
        return new Mark(Status.NEW, durability, true, boot(disk), 0, 0, NO_SNAPSHOT);
    }

    /** The mark of a store that was opened just now. */
    Mark opened(Durability newDurability, Disk disk) {
        return new Mark(status, newDurability, false, boot(disk), segment, end, newestSnapshot);
    }

    Mark closed() {
        return new Mark(status, durability, true, boot, segment, end, newestSnapshot);
    }

    Mark at(long newSegment, int newEnd) {
        return new Mark(status, durability, clean, boot, newSegment, newEnd, newestSnapshot);
    }

    Mark with(Status newStatus) {
        return new Mark(newStatus, durability, clean, boot, segment, end, newestSnapshot);
    }

    Mark withSnapshot(long newest) {
        return new Mark(status, durability, clean, boot, segment, end, Math.max(newestSnapshot, newest));
    }

    /** Whether what the system had not written yet may be gone. */
    boolean mayHaveForgotten(Disk disk) {
        boolean sameStart = boot.equals(boot(disk)) && !boot.equals(UNKNOWN_BOOT);
        return durability == Durability.ASYNC && !clean && !sameStart;
    }
}
