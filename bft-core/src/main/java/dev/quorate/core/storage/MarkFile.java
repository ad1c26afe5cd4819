package dev.quorate.core.storage;

import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The file of the {@link Mark}, in two slots. Between two syncs only one of them is written, so a crash spoils at most
 * that one, and the other has what was synced before.
 */
final class MarkFile implements Closeable {
    private static final long MAGIC = 0x71756f726174654dL; // "quorateM"

    /**
     * What the file says.
     *
     * @param generation grows with every write
     * @param slot where the mark is
     * @param otherIsDamaged whether the other slot is unreadable
     */
    record Reading(Mark mark, Bytes salt, long generation, int slot, boolean otherIsDamaged) {}

    private final DiskFile file;
    private final Bytes salt;
    private Mark mark;
    private long generation;
    private int slot;

    private MarkFile(DiskFile file, Bytes salt, Mark mark, long generation, int slot) {
        this.file = file;
        this.salt = salt;
        this.mark = mark;
        this.generation = generation;
        this.slot = slot;
    }

    /** Puts a new file in the place of any other. */
    static void create(Disk disk, Bytes salt, Mark mark) throws IOException {
        Layout.replace(disk, Layout.MARK, encode(mark, salt, 1), encode(mark, salt, 2));
    }

    /** Reads the file, which is there; empty if both slots are damaged. */
    static Optional<Reading> read(Disk disk) throws IOException {
        try (DiskFile file = disk.open(Layout.MARK)) {
            Optional<Reading> first = decode(Layout.readBlock(file, 0), 0);
            Optional<Reading> second = decode(Layout.readBlock(file, Layout.BLOCK_BYTES), 1);
            if (first.isEmpty() || second.isEmpty()) {
                return first.or(() -> second)
                        .map(one -> new Reading(one.mark, one.salt, one.generation, one.slot, true));
            }
            return first.get().generation > second.get().generation ? first : second;
        }
    }

    /**
     * Opens the file to go on. The slot that is written first is the newer one, which may be in the system's cache only: then
     * the other one is what was synced before.
     */
    static MarkFile open(Disk disk, Reading reading) throws IOException {
        int uncertain = reading.otherIsDamaged ? 1 - reading.slot : reading.slot;
        return new MarkFile(disk.open(Layout.MARK), reading.salt, reading.mark, reading.generation, uncertain);
    }

    Mark mark() {
        return mark;
    }

    /** Writes, and leaves it to the system when that becomes durable. */
    void write(Mark next) throws IOException {
        generation++;
        file.write((long) slot * Layout.BLOCK_BYTES, encode(next, salt, generation));
        mark = next;
    }

    /** Returns when what was written last is durable. */
    void sync() throws IOException {
        file.sync();
        slot = 1 - slot;
    }

    /** Writes both slots durably: whichever is damaged later, what the other says is not out of date. */
    void settle(Mark next) throws IOException {
        write(next);
        sync();
        write(next);
        sync();
    }

    private static ByteBuffer encode(Mark mark, Bytes salt, long generation) {
        ByteBuffer out = ByteBuffer.allocate(Layout.BLOCK_BYTES);
        out.putLong(MAGIC).putInt(Layout.VERSION);
        out.put(mark.status().code()).put(Mark.code(mark.durability()));
        out.put((byte) (mark.clean() ? 1 : 0)).put((byte) 0);
        out.putLong(generation).putLong(mark.segment()).putInt(mark.end()).putLong(mark.newestSnapshot());
        out.put(salt.toArray()).put(mark.boot().toArray());
        return Layout.seal(out);
    }

    private static Optional<Reading> decode(ByteBuffer in, int slot) {
        if (!Layout.isSealed(in, MAGIC) || in.position(Long.BYTES).getInt() != Layout.VERSION) {
            return Optional.empty();
        }
        Optional<Mark.Status> status = Mark.Status.ofCode(in.get());
        Optional<Durability> durability = Mark.durability(in.get());
        boolean clean = in.get() == 1;
        in.get();
        long generation = in.getLong();
        long segment = in.getLong();
        int end = in.getInt();
        long newestSnapshot = in.getLong();
        byte[] salt = new byte[Layout.SALT_BYTES];
        in.get(salt);
        byte[] boot = new byte[Digest.LENGTH];
        in.get(boot);
        if (status.isEmpty()
                || durability.isEmpty()
                || generation < 1
                || segment < 0
                || end < 0
                || newestSnapshot < Mark.NO_SNAPSHOT) {
            return Optional.empty();
        }
        Mark mark = new Mark(status.get(), durability.get(), clean, Digest.of(boot), segment, end, newestSnapshot);
        return Optional.of(new Reading(mark, Bytes.wrap(salt), generation, slot, false));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
