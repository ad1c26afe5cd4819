package dev.quorate.simulator.disk;

import dev.quorate.simulator.kernel.Randomness;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What is in a file: as its users see it, and as it is on the platter. Both sides differ in the sectors that were written
 * and not synced; or for which a sync failed, which leaves them as they are on either side and forgets about it.
 *
 * <p>Both sides consist of pages, and share those that are equal: a log is written once and looked at rarely, so that
 * making room for it, or syncing it, has to cost next to nothing.
 */
final class Content {
    static final int SECTOR_BYTES = 512;

    private static final int PAGE_BYTES = 4096;
    private static final int SECTORS_OF_PAGE = PAGE_BYTES / SECTOR_BYTES;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];
    private static final double WRITTEN_BACK_EARLY = 0.1;
    private static final double GARBAGE = 0.1;

    private final Randomness random;
    private final Side seen = new Side();
    private final Side durable = new Side();
    private final BitSet dirty = new BitSet();
    private boolean sizeIsDirty;
    /** Whether a sync failed: then sectors may differ that are not dirty. */
    private boolean hasFailed;

    /** One of the two sides. What is beyond its size is of no meaning. */
    private static final class Side {
        private byte[][] pages = new byte[4][];
        private int size;

        private void resize(int bytes) {
            int needed = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
            if (needed > pages.length) {
                int before = pages.length;
                pages = Arrays.copyOf(pages, Math.max(needed, 2 * before));
                Arrays.fill(pages, before, pages.length, ZEROS);
            }
            size = bytes;
        }

        private byte[] page(int number) {
            return number < pages.length ? pages[number] : ZEROS;
        }
    }

    Content(Randomness random) {
        this.random = random;
        Arrays.fill(seen.pages, ZEROS);
        Arrays.fill(durable.pages, ZEROS);
    }

    int size() {
        return seen.size;
    }

    /** A copy of the whole as it is seen. */
    byte[] toArray() {
        ByteBuffer all = ByteBuffer.allocate(seen.size);
        read(0, all);
        return all.array();
    }

    /** Fills {@code into}, which is not larger than what there is from {@code position} on. */
    void read(int position, ByteBuffer into) {
        int at = position;
        while (into.hasRemaining()) {
            int offset = at % PAGE_BYTES;
            int count = Math.min(PAGE_BYTES - offset, into.remaining());
            into.put(seen.page(at / PAGE_BYTES), offset, count);
            at += count;
        }
    }

    /** Writes the first {@code length} bytes that remain in {@code from}. */
    void write(int position, ByteBuffer from, int length) {
        int end = position + length;
        if (end > seen.size) {
            seen.resize(end);
            sizeIsDirty = true;
        }
        if (length == 0) {
            return;
        }
        for (int sector = position / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
            if (dirty.get(sector) && random.chance(WRITTEN_BACK_EARLY)) {
                writeBack(sector);
            }
            dirty.set(sector);
        }
        for (int at = position; at < end; ) {
            int offset = at % PAGE_BYTES;
            int count = Math.min(PAGE_BYTES - offset, end - at);
            put(at / PAGE_BYTES, offset, from, count);
            at += count;
        }
    }

    private void put(int number, int offset, ByteBuffer from, int count) {
        if (count == PAGE_BYTES && startsWithZeros(from)) {
            seen.pages[number] = ZEROS;
            from.position(from.position() + count);
        } else if (count == PAGE_BYTES) {
            seen.pages[number] = new byte[PAGE_BYTES];
            from.get(seen.pages[number]);
        } else {
            from.get(own(seen, number, durable.page(number)), offset, count);
        }
    }

    private static boolean startsWithZeros(ByteBuffer from) {
        return ByteBuffer.wrap(ZEROS).equals(from.slice(from.position(), PAGE_BYTES));
    }

    /** A page of one side that may be changed: one that the other side does not have. */
    private static byte[] own(Side side, int number, byte[] other) {
        byte[] page = side.pages[number];
        if (page == ZEROS || page == other) {
            page = page.clone();
            side.pages[number] = page;
        }
        return page;
    }

    void truncate(int size) {
        if (size < seen.size) {
            int end = (size + PAGE_BYTES - 1) / PAGE_BYTES;
            if (size % PAGE_BYTES != 0) {
                byte[] last = own(seen, size / PAGE_BYTES, durable.page(size / PAGE_BYTES));
                Arrays.fill(last, size % PAGE_BYTES, PAGE_BYTES, (byte) 0);
            }
            Arrays.fill(seen.pages, end, seen.pages.length, ZEROS);
            seen.resize(size);
            sizeIsDirty = true;
            dirty.clear((size + SECTOR_BYTES - 1) / SECTOR_BYTES, Integer.MAX_VALUE);
        }
    }

    /** Changes one byte on both sides, as a disk does that rots. */
    void flip(int position, int bits) {
        int number = position / PAGE_BYTES;
        boolean both = position < durable.size;
        boolean shared = seen.page(number) == durable.page(number);
        byte[] page = own(seen, number, durable.page(number));
        page[position % PAGE_BYTES] ^= (byte) bits;
        if (both && shared) {
            durable.pages[number] = page;
        } else if (both) {
            own(durable, number, page)[position % PAGE_BYTES] ^= (byte) bits;
        }
    }

    boolean isSynced() {
        return dirty.isEmpty() && !sizeIsDirty;
    }

    void sync() {
        if (sizeIsDirty) {
            cutTo(seen.size);
        }
        for (int next = dirty.nextSetBit(0); next >= 0; ) {
            int number = next / SECTORS_OF_PAGE;
            int end = (number + 1) * SECTORS_OF_PAGE;
            if (hasFailed) {
                for (int sector = next; sector >= 0 && sector < end; sector = dirty.nextSetBit(sector + 1)) {
                    writeBack(sector);
                }
            } else {
                durable.pages[number] = seen.pages[number];
            }
            next = dirty.nextSetBit(end);
        }
        dirty.clear();
        sizeIsDirty = false;
    }

    /** Some sectors get there; and nobody will try the others again. */
    void failToSync() {
        hasFailed = true;
        dirty.stream().filter(sector -> random.chance(0.5)).forEach(this::writeBack);
        dirty.clear();
    }

    private void writeBack(int sector) {
        int from = sector * SECTOR_BYTES;
        int to = Math.min(from + SECTOR_BYTES, seen.size);
        if (to > durable.size) {
            durable.resize(to);
        }
        int number = sector / SECTORS_OF_PAGE;
        int offset = from % PAGE_BYTES;
        byte[] source = seen.page(number);
        if (source != durable.page(number)) {
            System.arraycopy(source, offset, own(durable, number, source), offset, SECTOR_BYTES);
        }
    }

    /** The power is gone: each sector has its old or its new content, or, rarely, none that makes sense. */
    void losePower(boolean tearing) {
        if (sizeIsDirty && random.chance(0.5)) {
            cutTo(seen.size);
        }
        dirty.stream().filter(sector -> sector * SECTOR_BYTES < durable.size).forEach(sector -> {
            if (random.chance(0.5)) {
                writeBack(sector);
                if (tearing && random.chance(GARBAGE)) {
                    spoil(sector);
                }
            }
        });
        dirty.clear();
        sizeIsDirty = false;
        hasFailed = false;
        seen.pages = durable.pages.clone();
        seen.size = durable.size;
    }

    /** The platter's side gets this size; what it had beyond that is gone. */
    private void cutTo(int size) {
        int before = durable.size;
        durable.resize(size);
        for (int at = size; at < before; at++) {
            own(durable, at / PAGE_BYTES, seen.page(at / PAGE_BYTES))[at % PAGE_BYTES] = 0;
        }
    }

    private void spoil(int sector) {
        int from = sector * SECTOR_BYTES;
        byte[] garbage = new byte[Math.min(SECTOR_BYTES, durable.size - from)];
        random.nextBytes(garbage);
        byte[] page = own(durable, sector / SECTORS_OF_PAGE, seen.page(sector / SECTORS_OF_PAGE));
        System.arraycopy(garbage, 0, page, from % PAGE_BYTES, garbage.length);
    }
}
