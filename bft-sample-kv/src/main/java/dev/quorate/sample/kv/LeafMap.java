package dev.quorate.sample.kv;

import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.Leaf.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A sorted map in leaves, as in a B+ tree of two levels. What a snapshot costs depends on how many leaves have changed
 * since the last one, not on how large the map is; and the map goes on while a snapshot is written.
 *
 * <p>How the entries are divided follows from the operations alone, and a restored map is divided as the one that was
 * written: {@link dev.quorate.core.SnapshotPart} wants that. Not thread-safe.
 */
final class LeafMap {
    /** A leaf that gets longer is split, unless it has a single entry: much rewriting or many parts, in bytes. */
    static final int MAX_LEAF_BYTES = 64 << 10;
    /** A leaf that gets shorter joins a neighbour, if both together stay well below the maximum. */
    private static final int MIN_LEAF_BYTES = MAX_LEAF_BYTES / 4;

    /** By the lowest key that belongs to each; the first one's is empty, which is below all others. */
    private final NavigableMap<Bytes, Leaf> leaves = new TreeMap<>();

    /** How many views there have been. */
    private long views;

    private int size;

    LeafMap() {
        leaves.put(Bytes.EMPTY, new Leaf(Bytes.EMPTY, views));
    }

    int size() {
        return size;
    }

    /** Null if there is none. */
    Stored get(Bytes key) {
        return leaves.floorEntry(key).getValue().entries.get(key);
    }

    void put(Bytes key, Stored stored) {
        Bytes lowest = leaves.floorKey(key);
        Leaf leaf = own(lowest);
        int before = leaf.entries.size();
        leaf.put(key, stored);
        size += leaf.entries.size() - before;
        if (leaf.bytes() > MAX_LEAF_BYTES && leaf.entries.size() > 1) {
            Leaf upper = leaf.split();
            leaves.put(upper.lowest, upper);
        } else {
            joinIfShort(lowest);
        }
    }

    /** The entry has to be there. */
    void remove(Bytes key) {
        Bytes lowest = leaves.floorKey(key);
        own(lowest).remove(key);
        size--;
        joinIfShort(lowest);
    }

    private void joinIfShort(Bytes lowest) {
        if (leaves.get(lowest).bytes() >= MIN_LEAF_BYTES) {
            return;
        }
        Bytes next = leaves.higherKey(lowest);
        if (next == null || !join(lowest, next)) {
            Bytes previous = leaves.lowerKey(lowest);
            if (previous != null) {
                join(previous, lowest);
            }
        }
    }

    /** Joins two neighbours, if they are short enough; returns whether they were. */
    private boolean join(Bytes lower, Bytes upper) {
        Leaf taken = leaves.get(upper);
        if (leaves.get(lower).bytes() + taken.bytes() > MAX_LEAF_BYTES / 2) {
            return false;
        }
        Leaf leaf = own(lower);
        taken.entries.forEach(leaf::put);
        leaves.remove(upper);
        return true;
    }

    /** A leaf that no view holds. */
    private Leaf own(Bytes lowest) {
        Leaf leaf = leaves.get(lowest);
        if (leaf.views < views) {
            leaf = leaf.copy(views);
            leaves.put(lowest, leaf);
        }
        return leaf;
    }

    /** What the map holds now, for {@link #write} on any thread. */
    List<Leaf> freeze() {
        views++;
        return new ArrayList<>(leaves.values());
    }

    static void write(SnapshotWriter out, List<Leaf> leaves) throws IOException {
        out.writeInt(leaves.size());
        for (Leaf leaf : leaves) {
            out.writePart(leaf.part());
        }
    }

    static LeafMap read(SnapshotReader in) throws IOException {
        LeafMap map = new LeafMap();
        for (int left = in.readInt(); left > 0; left--) {
            Leaf leaf = Leaf.read(in);
            map.leaves.put(leaf.lowest, leaf);
            map.size += leaf.entries.size();
        }
        return map;
    }

    /** The entries from {@code from} on, in order; to be used before the next change. */
    Iterator<Map.Entry<Bytes, Stored>> iterator(Bytes from) {
        Stream<Leaf> reached = leaves.tailMap(leaves.floorKey(from), true).values().stream();
        return reached.flatMap(leaf -> leaf.entries.tailMap(from, true).entrySet().stream())
                .iterator();
    }
}
