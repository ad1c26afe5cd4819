package dev.quorate.sample.kv;

import dev.quorate.core.Operation;
import dev.quorate.core.ReadResult;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.StateView;
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
import dev.quorate.sample.kv.Leaf.Stored;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ordered key-value store: all that one writes to have it replicated.
 *
 * <p>It is deterministic. The map is a sorted one, since the iteration order of a hash map may differ from replica to
 * replica; and an operation that makes no sense gets a result that says so, which is the same everywhere.
 *
 * <p>With each value it keeps at which position that was written, and of all removals the last position, so that what a
 * key holds can be read without having the read ordered.
 */
public final class KeyValueStore implements ReplicatedService {
    private static final int SNAPSHOT_FORMAT = 3;

    private final long maxStoreBytes;

    private LeafMap entries = new LeafMap();
    /** When a key was removed last, whichever it was: what is not there has not changed since. */
    private SequenceNumber removedAt = SequenceNumber.ZERO;
    /** What the entries weigh in the sense of {@link KvLimits#DEFAULT_STORE_BYTES}. */
    private long storedBytes;

    /** A store that holds {@link KvLimits#DEFAULT_STORE_BYTES} at most. */
    public KeyValueStore() {
        this(KvLimits.DEFAULT_STORE_BYTES);
    }

    /**
     * A store of another size, the same at every replica: else some would refuse what others accept. It is part of the
     * state, so replicas of which some differ notice it at the first checkpoint.
     *
     * @param maxStoreBytes what it holds at most: keys, values, and {@link KvLimits#ENTRY_OVERHEAD_BYTES} for each entry
     */
    public KeyValueStore(long maxStoreBytes) {
        this.maxStoreBytes = maxStoreBytes;
    }

    @Override
    public byte[] execute(Operation operation) {
        return ResultFormat.encode(execute(operation.bytes(), operation.sequenceNumber()));
    }

    /** Only of a single key is it known when it changed. Everything else is ordered. */
    @Override
    public ReadResult read(Operation operation) throws FormatException {
        if (!(OperationFormat.decode(operation.bytes()) instanceof Get get)) {
            throw new UnsupportedOperationException("only a get can be read without being ordered");
        }
        Stored stored = entries.get(get.key());
        return ReadResult.of(
                ResultFormat.encode(new Value(valueOf(get.key()))), stored == null ? removedAt : stored.writtenAt());
    }

    private KvResult execute(Bytes operation, SequenceNumber at) {
        try {
            return apply(OperationFormat.decode(operation), at);
        } catch (FormatException e) {
            return new Refused(Reason.INVALID_OPERATION);
        }
    }

    private KvResult apply(KvOperation operation, SequenceNumber at) {
        if (operation instanceof Put put) {
            return store(put.key(), put.value(), at) ? new Done() : new Refused(Reason.STORE_FULL);
        } else if (operation instanceof Get get) {
            return new Value(valueOf(get.key()));
        } else if (operation instanceof Delete delete) {
            return new Applied(remove(delete.key(), at));
        } else if (operation instanceof CompareAndSet cas) {
            return compareAndSet(cas, at);
        } else if (operation instanceof Scan scan) {
            return scan(scan);
        } else if (operation instanceof Noop noop) {
            return new Padding(Bytes.wrap(new byte[noop.resultBytes()]));
        } else {
            return new Count(entries.size());
        }
    }

    private Optional<Bytes> valueOf(Bytes key) {
        return Optional.ofNullable(entries.get(key)).map(Stored::value);
    }

    private boolean store(Bytes key, Bytes value, SequenceNumber at) {
        long before = valueOf(key).map(old -> weight(key, old)).orElse(0L);
        long after = storedBytes + weight(key, value) - before;
        if (after > maxStoreBytes) {
            return false;
        }
        entries.put(key, new Stored(value, at));
        storedBytes = after;
        return true;
    }

    private boolean remove(Bytes key, SequenceNumber at) {
        Optional<Bytes> old = valueOf(key);
        old.ifPresent(value -> {
            entries.remove(key);
            removedAt = at;
            storedBytes -= weight(key, value);
        });
        return old.isPresent();
    }

    private KvResult compareAndSet(CompareAndSet cas, SequenceNumber at) {
        if (!valueOf(cas.key()).equals(cas.expected())) {
            return new Applied(false);
        }
        return store(cas.key(), cas.update(), at) ? new Applied(true) : new Refused(Reason.STORE_FULL);
    }

    private KvResult scan(Scan scan) {
        List<Entry> page = new ArrayList<>();
        long bytes = 0;
        for (Iterator<Map.Entry<Bytes, Stored>> rest = entries.iterator(scan.from()); rest.hasNext(); ) {
            Map.Entry<Bytes, Stored> entry = rest.next();
            Bytes value = entry.getValue().value();
            if (scan.to().isPresent() && entry.getKey().compareTo(scan.to().get()) >= 0) {
                return new Page(page, false);
            }
            bytes += entry.getKey().length() + value.length();
            if (page.size() == scan.limit()
                    || ResultFormat.pageBytes(page.size() + 1, bytes) > KvLimits.MAX_RESULT_BYTES) {
                return new Page(page, true);
            }
            page.add(new Entry(entry.getKey(), value));
        }
        return new Page(page, false);
    }

    private static long weight(Bytes key, Bytes value) {
        return (long) key.length() + value.length() + KvLimits.ENTRY_OVERHEAD_BYTES;
    }

    @Override
    public void snapshot(SnapshotWriter out) throws IOException {
        view().write(out);
    }

    /** However large the store is, it goes on at once: what is changed meanwhile is changed in copies. */
    @Override
    public Optional<StateView> freeze() {
        return Optional.of(view());
    }

    private StateView view() {
        List<Leaf> leaves = entries.freeze();
        SequenceNumber removed = removedAt;
        return out -> {
            out.writeInt(SNAPSHOT_FORMAT);
            out.writeLong(maxStoreBytes);
            out.writeLong(removed.value());
            LeafMap.write(out, leaves);
        };
    }

    @Override
    public void restore(SnapshotReader in) throws IOException {
        int format = in.readInt();
        if (format != SNAPSHOT_FORMAT) {
            throw new IOException("a snapshot of format " + format + "; this version reads " + SNAPSHOT_FORMAT);
        }
        long writtenLimit = in.readLong();
        if (writtenLimit != maxStoreBytes) {
            throw new IOException("the state is of a store of " + writtenLimit + " bytes, but this replica's holds "
                    + maxStoreBytes + ": give all replicas the same size");
        }
        SequenceNumber restoredRemoval = new SequenceNumber(in.readLong());
        // Not both at a time: a large store would not fit into memory twice. If this fails, the replica stops.
        entries = new LeafMap();
        LeafMap restored = LeafMap.read(in);
        long restoredBytes = 0;
        Iterator<Map.Entry<Bytes, Stored>> all = restored.iterator(Bytes.EMPTY);
        while (all.hasNext()) {
            Map.Entry<Bytes, Stored> entry = all.next();
            restoredBytes += weight(entry.getKey(), entry.getValue().value());
        }
        entries = restored;
        removedAt = restoredRemoval;
        storedBytes = restoredBytes;
    }
}
