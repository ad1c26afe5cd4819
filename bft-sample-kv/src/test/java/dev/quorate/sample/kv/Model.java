package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvResult.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the store should do, in the plainest way: an unordered list of entries, searched from end to end. */
final class Model {
    private final List<Entry> entries = new ArrayList<>();

    KvResult execute(KvOperation operation) {
        if (operation instanceof KvOperation.Put put) {
            set(put.key(), put.value());
            return new KvResult.Done();
        }
        if (operation instanceof KvOperation.Get get) {
            return new KvResult.Value(value(get.key()));
        }
        if (operation instanceof KvOperation.Delete delete) {
            return new KvResult.Applied(entries.removeIf(entry -> entry.key().equals(delete.key())));
        }
        if (operation instanceof KvOperation.CompareAndSet cas) {
            boolean applies = value(cas.key()).equals(cas.expected());
            if (applies) {
                set(cas.key(), cas.update());
            }
            return new KvResult.Applied(applies);
        }
        if (operation instanceof KvOperation.Scan scan) {
            List<Entry> inRange = entries.stream()
                    .filter(entry -> unsigned(entry.key()).compareTo(unsigned(scan.from())) >= 0)
                    .filter(entry -> scan.to().isEmpty()
                            || unsigned(entry.key())
                                            .compareTo(unsigned(scan.to().get()))
                                    < 0)
                    .sorted(Comparator.comparing(entry -> unsigned(entry.key())))
                    .toList();
            int size = Math.min(scan.limit(), inRange.size());
            return new KvResult.Page(inRange.subList(0, size), size < inRange.size());
        }
        if (operation instanceof KvOperation.Noop noop) {
            return new KvResult.Padding(Bytes.wrap(new byte[noop.resultBytes()]));
        }
        return new KvResult.Count(entries.size());
    }

    private Optional<Bytes> value(Bytes key) {
        return entries.stream()
                .filter(entry -> entry.key().equals(key))
                .map(Entry::value)
                .findFirst();
    }

    private void set(Bytes key, Bytes value) {
        entries.removeIf(entry -> entry.key().equals(key));
        entries.add(new Entry(key, value));
    }

    /** Hexadecimal digits sort like the unsigned bytes that they stand for. */
    private static String unsigned(Bytes bytes) {
        return bytes.toHex();
    }
}
