package dev.quorate.sample.kv;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotPart;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The entries of one range of keys. Whoever wants to change one that a view may hold changes a {@linkplain #copy copy}; so
 * the thread that writes the view and the service's thread do not meet.
 */
final class Leaf {
    /** A value, and the position at which it was written. */
    record Stored(Bytes value, SequenceNumber writtenAt) {}

    /** Key, value and position with their lengths, beside the bytes of key and value. */
    private static final int ENTRY_BYTES = 2 * Integer.BYTES + Long.BYTES;

    /** The lowest key that belongs here, whether there is an entry or not. */
    final Bytes lowest;

    final NavigableMap<Bytes, Stored> entries;
    /** The leaf may be changed while this is the number of views that there have been. */
    final long views;

    private int bytes;
    /** What is written to snapshots; null until there is one. */
    private volatile SnapshotPart part;

    private Leaf(Bytes lowest, NavigableMap<Bytes, Stored> entries, int bytes, long views) {
        this.lowest = lowest;
        this.entries = entries;
        this.bytes = bytes;
        this.views = views;
    }

    Leaf(Bytes lowest, long views) {
        this(lowest, new TreeMap<>(), headerBytes(lowest), views);
    }

    Leaf copy(long views) {
        return new Leaf(lowest, new TreeMap<>(entries), bytes, views);
    }

    /** How long it is in a snapshot, in bytes. */
    int bytes() {
        return bytes;
    }

    void put(Bytes key, Stored stored) {
        part = null;
        Stored before = entries.put(key, stored);
        bytes += entryBytes(key, stored) - (before == null ? 0 : entryBytes(key, before));
    }

    /** The entry has to be there. */
    void remove(Bytes key) {
        part = null;
        bytes -= entryBytes(key, entries.remove(key));
    }

    /** Takes the upper half away, by bytes; each half has an entry at least. Returns that half. */
    Leaf split() {
        int half = bytes / 2;
        int seen = 0;
        Bytes first = entries.lastKey();
        for (Map.Entry<Bytes, Stored> entry : entries.entrySet()) {
            if (seen >= half) {
                first = entry.getKey();
                break;
            }
            seen += entryBytes(entry.getKey(), entry.getValue());
        }
        Leaf upper = new Leaf(first, views);
        NavigableMap<Bytes, Stored> moved = entries.tailMap(first, true);
        moved.forEach(upper::put);
        moved.clear();
        bytes -= upper.bytes - headerBytes(first);
        part = null;
        return upper;
    }

    private static int headerBytes(Bytes lowest) {
        return 2 * Integer.BYTES + lowest.length();
    }

    private static int entryBytes(Bytes key, Stored stored) {
        return ENTRY_BYTES + key.length() + stored.value().length();
    }

    /** The same until the leaf changes. */
    SnapshotPart part() {
        SnapshotPart written = part;
        if (written == null) {
            written = write();
            part = written;
        }
        return written;
    }

    private SnapshotPart write() {
        ByteArrayOutputStream content = new ByteArrayOutputStream(bytes);
        try (SnapshotWriter out = new SnapshotWriter(content)) {
            out.writeByteArray(lowest.unsafeArray());
            out.writeInt(entries.size());
            for (Map.Entry<Bytes, Stored> entry : entries.entrySet()) {
                out.writeByteArray(entry.getKey().unsafeArray());
                out.writeByteArray(entry.getValue().value().unsafeArray());
                out.writeLong(entry.getValue().writtenAt().value());
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return SnapshotPart.of(content.toByteArray());
    }

    static Leaf read(SnapshotReader in) throws IOException {
        Leaf leaf = new Leaf(Bytes.wrap(in.readByteArray()), 0);
        for (int left = in.readInt(); left > 0; left--) {
            Bytes key = Bytes.wrap(in.readByteArray());
            Bytes value = Bytes.wrap(in.readByteArray());
            leaf.put(key, new Stored(value, new SequenceNumber(in.readLong())));
        }
        return leaf;
    }
}
