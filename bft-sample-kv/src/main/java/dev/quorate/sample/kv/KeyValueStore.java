package dev.quorate.sample.kv;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvOperation.CompareAndSet;
import dev.quorate.sample.kv.KvOperation.Delete;
import dev.quorate.sample.kv.KvOperation.Get;
import dev.quorate.sample.kv.KvOperation.Noop;
import dev.quorate.sample.kv.KvOperation.Put;
import dev.quorate.sample.kv.KvOperation.Scan;
import dev.quorate.sample.kv.KvResult.Applied;
import dev.quorate.sample.kv.KvResult.Count;
import dev.quorate.sample.kv.KvResult.Done;
import dev.quorate.sample.kv.KvResult.Entry;
import dev.quorate.sample.kv.KvResult.Padding;
import dev.quorate.sample.kv.KvResult.Page;
import dev.quorate.sample.kv.KvResult.Reason;
import dev.quorate.sample.kv.KvResult.Refused;
import dev.quorate.sample.kv.KvResult.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An ordered key-value store: all that one writes to have it replicated.
 *
 * <p>It is deterministic. The map is a sorted one, since the iteration order of a hash map may differ from replica to
 * replica; and an operation that makes no sense gets a result that says so, which is the same everywhere.
 */
public final class KeyValueStore implements ReplicatedService {
    private static final int SNAPSHOT_FORMAT = 1;

    private final long maxStoreBytes;

    private NavigableMap<Bytes, Bytes> entries = new TreeMap<>();
    /** What the entries weigh in the sense of {@link KvLimits#MAX_STORE_BYTES}. */
    private long storedBytes;

    public KeyValueStore() {
        this(KvLimits.MAX_STORE_BYTES);
    }

    /** A smaller one, for tests of what a full store does. */
    KeyValueStore(long maxStoreBytes) {
        this.maxStoreBytes = maxStoreBytes;
    }

    @Override
    public byte[] execute(Operation operation) {
        return ResultFormat.encode(execute(operation.bytes()));
    }

    private KvResult execute(Bytes operation) {
        try {
            return apply(OperationFormat.decode(operation));
        } catch (FormatException e) {
            return new Refused(Reason.INVALID_OPERATION);
        }
    }

    private KvResult apply(KvOperation operation) {
        if (operation instanceof Put put) {
            return store(put.key(), put.value()) ? new Done() : new Refused(Reason.STORE_FULL);
        } else if (operation instanceof Get get) {
            return new Value(Optional.ofNullable(entries.get(get.key())));
        } else if (operation instanceof Delete delete) {
            return new Applied(remove(delete.key()));
        } else if (operation instanceof CompareAndSet cas) {
            return compareAndSet(cas);
        } else if (operation instanceof Scan scan) {
            return scan(scan);
        } else if (operation instanceof Noop noop) {
            return new Padding(Bytes.wrap(new byte[noop.resultBytes()]));
        } else {
            return new Count(entries.size());
        }
    }

    private boolean store(Bytes key, Bytes value) {
        Bytes old = entries.get(key);
        long after = storedBytes + weight(key, value) - (old == null ? 0 : weight(key, old));
        if (after > maxStoreBytes) {
            return false;
        }
        entries.put(key, value);
        storedBytes = after;
        return true;
    }

    private boolean remove(Bytes key) {
        Bytes old = entries.remove(key);
        if (old == null) {
            return false;
        }
        storedBytes -= weight(key, old);
        return true;
    }

    private KvResult compareAndSet(CompareAndSet cas) {
        if (!Optional.ofNullable(entries.get(cas.key())).equals(cas.expected())) {
            return new Applied(false);
        }
        return store(cas.key(), cas.update()) ? new Applied(true) : new Refused(Reason.STORE_FULL);
    }

    private KvResult scan(Scan scan) {
        List<Entry> page = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<Bytes, Bytes> entry : entries.tailMap(scan.from(), true).entrySet()) {
            if (scan.to().isPresent() && entry.getKey().compareTo(scan.to().get()) >= 0) {
                return new Page(page, false);
            }
            bytes += entry.getKey().length() + entry.getValue().length();
            if (page.size() == scan.limit()
                    || ResultFormat.pageBytes(page.size() + 1, bytes) > KvLimits.MAX_RESULT_BYTES) {
                return new Page(page, true);
            }
            page.add(new Entry(entry.getKey(), entry.getValue()));
        }
        return new Page(page, false);
    }

    private static long weight(Bytes key, Bytes value) {
        return (long) key.length() + value.length() + KvLimits.ENTRY_OVERHEAD_BYTES;
    }

    @Override
    public void snapshot(SnapshotWriter out) throws IOException {
        out.writeInt(SNAPSHOT_FORMAT);
        out.writeInt(entries.size());
        for (Map.Entry<Bytes, Bytes> entry : entries.entrySet()) {
            out.writeByteArray(entry.getKey().unsafeArray());
            out.writeByteArray(entry.getValue().unsafeArray());
        }
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        int format = in.readInt();
        if (format != SNAPSHOT_FORMAT) {
            throw new IOException("a snapshot of format " + format + "; this version reads " + SNAPSHOT_FORMAT);
        }
        NavigableMap<Bytes, Bytes> restored = new TreeMap<>();
        long restoredBytes = 0;
        for (int left = in.readInt(); left > 0; left--) {
            Bytes key = Bytes.wrap(in.readByteArray());
            Bytes value = Bytes.wrap(in.readByteArray());
            restored.put(key, value);
            restoredBytes += weight(key, value);
        }
        entries = restored;
        storedBytes = restoredBytes;
    }
}
