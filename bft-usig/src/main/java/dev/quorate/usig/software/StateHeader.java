package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * The first block of a state file. Never changed in place: a new epoch gets a new file.
 *
 * @param mode the setting that the epoch began with
 * @param opened for {@link CounterMode#VOLATILE}: whether the epoch was opened, and so may not be again
 * @param slots the number of records that follow, as its mode has them in this version of the format
 * @param salt random, part of every record's checksum: a record of another file is not one of this
 * @param identity without attestation
 */
record StateHeader(CounterMode mode, boolean opened, int slots, Bytes salt, UsigIdentity identity) {
    static final int BYTES = 4096;
    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;
    private static final long MAGIC = 0x71756f7261746555L; // "quorateU"
    private static final int VERSION = 1;
    private static final int SALT_BYTES = 16;

    /** The header of a new file, with a salt of its own. */
    static StateHeader of(CounterMode mode, boolean opened, UsigIdentity identity) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new StateHeader(mode, opened, mode.slots(), Bytes.wrap(salt), identity);
    }

    byte[] encode() {
        Bytes who = identity.encode();
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC).putInt(VERSION).put(mode.code()).put((byte) (opened ? 1 : 0));
        out.putInt(slots).put(salt.toArray()).putInt(who.length()).put(who.toArray());
        out.putInt(CHECKED_BYTES, checksum(out.array()));
        return out.array();
    }

    /** The header in {@code block}, of {@value #BYTES} bytes; {@code where} is for the error message. */
    static StateHeader decode(byte[] block, String where) throws UsigStateException {
        ByteBuffer in = ByteBuffer.wrap(block);
        if (in.getInt(CHECKED_BYTES) != checksum(block) || in.getLong() != MAGIC) {
            throw new UsigStateException(
                    Reason.CORRUPT, where + " is damaged, or no state of a USIG. " + StateFile.ADVICE);
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new UsigStateException(
                    Reason.MISMATCH,
                    where + " has version " + version + " of the format, and this program knows version " + VERSION
                            + ": use the program that wrote it");
        }
        try {
            CounterMode mode = CounterMode.ofCode(in.get());
            boolean opened = in.get() == 1;
            int slots = in.getInt();
            byte[] salt = new byte[SALT_BYTES];
            in.get(salt);
            int length = in.getInt();
            if (slots != mode.slots() || length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("slots " + slots + ", identity of " + length + " bytes");
            }
            byte[] who = new byte[length];
            in.get(who);
            return new StateHeader(mode, opened, slots, Bytes.wrap(salt), UsigIdentity.decode(Bytes.wrap(who)));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new UsigStateException(
                    Reason.CORRUPT, where + " makes no sense (" + e.getMessage() + "). " + StateFile.ADVICE);
        }
    }

    private static int checksum(byte[] block) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, CHECKED_BYTES);
        return (int) crc.getValue();
    }
}
