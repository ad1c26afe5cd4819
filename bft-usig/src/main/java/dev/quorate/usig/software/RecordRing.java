package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Records with consecutive numbers from 1, the newest ones kept, in a ring that is there twice.
 *
 * <p>A record that cannot be read has been cut off by a crash, or damaged later. The difference is that between "never
 * given out" and "given out and forgotten". Two copies at different places tell: a crash may cut off both, but only of
 * the one record that was being written, which is the next one. Damage at one place leaves the other copy, from which it
 * is repaired. Anything else is refused.
 */
final class RecordRing {
    static final int RECORD_BYTES = 64;
    private static final int CHECKED_BYTES = RECORD_BYTES - Integer.BYTES;
    /** The copies start at multiples of this, so that no sector holds records of both. */
    private static final int ALIGNMENT = 4096;

    private static final System.Logger LOG = System.getLogger(RecordRing.class.getName());

    /**
     * @param number from 1, without gaps
     * @param mark at least 0; what the USIG's mode makes of it
     */
    record Entry(long number, long mark, Digest digest) {}

    private final Storage storage;
    private final long offset;
    private final int slots;
    private final Bytes salt;

    RecordRing(Storage storage, long offset, int slots, Bytes salt) {
        this.storage = storage;
        this.offset = offset;
        this.slots = slots;
        this.salt = salt;
    }

    /** The room that both copies take, in bytes. */
    static int bytes(int slots) {
        return 2 * copyBytes(slots);
    }

    private static int copyBytes(int slots) {
        return (slots * RECORD_BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Writes the record whose turn it is, and returns when it survives a loss of power. */
    void append(Entry entry) throws IOException {
        write(entry);
        storage.force();
    }

    private void write(Entry entry) throws IOException {
        byte[] record = encode(entry);
        long position = offset + Math.floorMod(entry.number, slots) * (long) RECORD_BYTES;
        storage.write(position, record);
        storage.write(position + copyBytes(slots), record);
    }

    /**
     * Reads all records, oldest first, and makes both copies of them equal and durable.
     *
     * @param where for error messages
     */
    List<Entry> recover(String where) throws IOException {
        if (slots == 0) {
            return List.of();
        }
        byte[] first = storage.read(offset, copyBytes(slots));
        byte[] second = storage.read(offset + copyBytes(slots), copyBytes(slots));
        Entry[] newest = new Entry[slots];
        long last = 0;
        for (int slot = 0; slot < slots; slot++) {
            newest[slot] = newer(decode(first, slot), decode(second, slot));
            last = newest[slot] == null ? last : Math.max(last, newest[slot].number);
        }
        // The record being written when a crash came has taken the place of this one, which nobody needs any more.
        int next = Math.floorMod(last + 1, slots);
        for (int slot = 0; slot < slots; slot++) {
            long expected = last - Math.floorMod(last - slot, slots);
            boolean empty = expected < 1 && newest[slot] == null && (isZero(first, slot) || isZero(second, slot));
            boolean there = expected >= 1 && newest[slot] != null && newest[slot].number == expected;
            if (slot != next && !empty && !there) {
                throw new UsigStateException(
                        Reason.CORRUPT,
                        where + " is damaged: both copies of record " + expected + " are, and the last one is " + last
                                + ". " + StateFile.ADVICE);
            }
        }
        List<Entry> entries = consecutive(newest, last);
        repair(entries, first, second, where);
        return entries;
    }

    private List<Entry> consecutive(Entry[] newest, long last) {
        List<Entry> entries = new ArrayList<>();
        for (long number = Math.max(1, last - slots + 1); number <= last; number++) {
            Entry entry = newest[Math.floorMod(number, slots)];
            if (entry != null && entry.number == number) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /**
     * The last record is written again in any case: it may be in the system's cache only, after a process was killed
     * before its sync, or after a sync failed.
     */
    private void repair(List<Entry> entries, byte[] first, byte[] second, String where) throws IOException {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int from = Math.floorMod(entry.number, slots) * RECORD_BYTES;
            boolean equal = Arrays.equals(first, from, from + RECORD_BYTES, second, from, from + RECORD_BYTES);
            if (!equal) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: one copy of record {1} was unreadable or old; written again from the other",
                        where,
                        entry.number);
            }
            if (!equal || i == entries.size() - 1) {
                write(entry);
            }
        }
        storage.force();
    }

    private static Entry newer(Entry one, Entry other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.number >= other.number ? one : other;
    }

    private byte[] encode(Entry entry) {
        ByteBuffer out = ByteBuffer.allocate(RECORD_BYTES);
        out.putLong(entry.number).putLong(entry.mark).put(entry.digest.toArray());
        return out.putInt(CHECKED_BYTES, checksum(out.array(), 0)).array();
    }

    /** The record of that slot, or null if there is no valid one. */
    private Entry decode(byte[] copy, int slot) {
        int from = slot * RECORD_BYTES;
        ByteBuffer in = ByteBuffer.wrap(copy, from, RECORD_BYTES);
        if (in.getInt(from + CHECKED_BYTES) != checksum(copy, from)) {
            return null;
        }
        long number = in.getLong();
        long mark = in.getLong();
        byte[] digest = new byte[Digest.LENGTH];
        in.get(digest);
        boolean itsPlace = number >= 1 && Math.floorMod(number, slots) == slot;
        return itsPlace && mark >= 0 ? new Entry(number, mark, Digest.of(digest)) : null;
    }

    private int checksum(byte[] record, int from) {
        CRC32C crc = new CRC32C();
        crc.update(salt.unsafeArray());
        crc.update(record, from, CHECKED_BYTES);
        return (int) crc.getValue();
    }

    private static boolean isZero(byte[] copy, int slot) {
        for (int i = slot * RECORD_BYTES; i < (slot + 1) * RECORD_BYTES; i++) {
            if (copy[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
