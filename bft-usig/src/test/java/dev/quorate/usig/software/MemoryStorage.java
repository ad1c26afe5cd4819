package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file with a cache that a loss of power takes away, wholly or in part. */
final class MemoryStorage implements Storage {
    /** What may become of a write that was not synced. */
    interface Tear {
        /** What is on the disk then, in place of {@code written} over {@code before}. */
        byte[] tear(int write, byte[] before, byte[] written);
    }

    private record Write(int position, Bytes bytes) {
        void applyTo(byte[] content) {
            System.arraycopy(bytes.unsafeArray(), 0, content, position, bytes.length());
        }
    }

    private final byte[] disk;
    private final List<Write> cached = new ArrayList<>();
    private boolean failing;
    private int forces;

    MemoryStorage(int size) {
        disk = new byte[size];
    }

    private MemoryStorage(byte[] disk) {
        this.disk = disk;
    }

    @Override
    public byte[] read(long position, int length) {
        byte[] now = disk.clone();
        cached.forEach(write -> write.applyTo(now));
        return Arrays.copyOfRange(now, (int) position, (int) position + length);
    }

    @Override
    public void write(long position, byte[] bytes) {
        cached.add(new Write((int) position, Bytes.copyOf(bytes)));
    }

    @Override
    public void force() throws IOException {
        if (failing) {
            throw new IOException("the disk is broken");
        }
        cached.forEach(write -> write.applyTo(disk));
        cached.clear();
        forces++;
    }

    @Override
    public void close() {
        // Nothing to give up; a file would not sync either.
    }

    /** From now on nothing can be synced any more. */
    void failForces() {
        failing = true;
    }

    int forces() {
        return forces;
    }

    boolean isSynced() {
        return cached.isEmpty();
    }

    /** What is left after a loss of power at this instant. */
    MemoryStorage afterPowerLoss(Tear tear) {
        byte[] left = disk.clone();
        for (int i = 0; i < cached.size(); i++) {
            Write write = cached.get(i);
            int end = write.position + write.bytes.length();
            byte[] torn = tear.tear(i, Arrays.copyOfRange(left, write.position, end), write.bytes.toArray());
            System.arraycopy(torn, 0, left, write.position, torn.length);
        }
        return new MemoryStorage(left);
    }

    /** What is left after the process alone was killed: all of it, but synced no further than before. */
    MemoryStorage afterKill() {
        MemoryStorage left = new MemoryStorage(disk.clone());
        left.cached.addAll(cached);
        return left;
    }

    /** Damages one byte on the disk. */
    void flip(int position) {
        disk[position] ^= 0x5a;
    }

    /** The first {@code bytes} of the new content, then the old. */
    static byte[] prefix(byte[] before, byte[] written, int bytes) {
        byte[] torn = before.clone();
        System.arraycopy(written, 0, torn, 0, bytes);
        return torn;
    }
}
