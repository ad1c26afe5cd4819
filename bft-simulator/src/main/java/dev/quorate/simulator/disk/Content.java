package dev.quorate.simulator.disk;

import dev.quorate.simulator.kernel.Randomness;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What is in a file: as its users see it, and as it is on the platter. Both sides differ in the sectors that were written
 * and not synced; or for which a sync failed, which leaves them as they are on either side and forgets about it.
 */
final class Content {
    static final int SECTOR_BYTES = 512;

    private static final double WRITTEN_BACK_EARLY = 0.1;
    private static final double GARBAGE = 0.1;

    private final Randomness random;
    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    private final BitSet dirty = new BitSet();
    private boolean sizeIsDirty;

    Content(Randomness random) {
        this.random = random;
    }

    int size() {
        return seen.length;
    }

    byte[] seen() {
        return seen;
    }

    void write(int position, byte[] bytes, int length) {
        int end = position + length;
        if (end > seen.length) {
            seen = Arrays.copyOf(seen, end);
            sizeIsDirty = true;
        }
        for (int sector = position / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
            if (dirty.get(sector) && random.chance(WRITTEN_BACK_EARLY)) {
                writeBack(sector);
            }
            dirty.set(sector);
        }
        System.arraycopy(bytes, 0, seen, position, length);
    }

    void truncate(int size) {
        if (size < seen.length) {
            seen = Arrays.copyOf(seen, size);
            sizeIsDirty = true;
            dirty.clear((size + SECTOR_BYTES - 1) / SECTOR_BYTES, Integer.MAX_VALUE);
        }
    }

    /** Changes one byte on both sides, as a disk does that rots. */
    void flip(int position, int bits) {
        seen[position] ^= (byte) bits;
        if (position < durable.length) {
            durable[position] ^= (byte) bits;
        }
    }

    /** How many sectors would have to be written. */
    int unsynced() {
        return dirty.cardinality();
    }

    void sync() {
        durable = Arrays.copyOf(durable, seen.length);
        dirty.stream().forEach(this::writeBack);
        dirty.clear();
        sizeIsDirty = false;
    }

    /** Some sectors get there; and nobody will try the others again. */
    void failToSync() {
        dirty.stream().filter(sector -> random.chance(0.5)).forEach(this::writeBack);
        dirty.clear();
    }

    private void writeBack(int sector) {
        int from = sector * SECTOR_BYTES;
        int to = Math.min(from + SECTOR_BYTES, seen.length);
        if (to > durable.length) {
            durable = Arrays.copyOf(durable, to);
        }
        System.arraycopy(seen, from, durable, from, to - from);
    }

    /** The power is gone: each sector has its old or its new content, or, rarely, none that makes sense. */
    void losePower(boolean tearing) {
        if (sizeIsDirty && random.chance(0.5)) {
            durable = Arrays.copyOf(durable, seen.length);
        }
        dirty.stream().filter(sector -> sector * SECTOR_BYTES < durable.length).forEach(sector -> {
            if (random.chance(0.5)) {
                writeBack(sector);
                if (tearing && random.chance(GARBAGE)) {
                    spoil(sector);
                }
            }
        });
        dirty.clear();
        sizeIsDirty = false;
        seen = durable.clone();
    }

    private void spoil(int sector) {
        int from = sector * SECTOR_BYTES;
        byte[] garbage = new byte[Math.min(SECTOR_BYTES, durable.length - from)];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, durable, from, garbage.length);
    }
}
