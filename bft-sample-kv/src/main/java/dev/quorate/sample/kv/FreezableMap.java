package dev.quorate.sample.kv;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A sorted map that can be frozen in no time, however large it is: as long as it is, another thread may read what it held
 * at that moment, while changes gather in a second map. Thawing costs as much as there were changes.
 *
 * <p>But for that reader not thread-safe. It takes as much memory more as what is changed while it is frozen.
 */
final class FreezableMap<K extends Comparable<K>, V> {
    private final NavigableMap<K, V> entries = new TreeMap<>();
    /** What was changed since the map was frozen; empty for what was removed. */
    private final NavigableMap<K, Optional<V>> changes = new TreeMap<>();

    private boolean frozen;
    private int size;

    int size() {
        return size;
    }

    /** Null if there is none. */
    V get(K key) {
        Optional<V> changed = changes.get(key);
        return changed == null ? entries.get(key) : changed.orElse(null);
    }

    void put(K key, V value) {
        if (get(key) == null) {
            size++;
        }
        if (frozen) {
            changes.put(key, Optional.of(value));
        } else {
            entries.put(key, value);
        }
    }

    void remove(K key) {
        if (get(key) != null) {
            size--;
        }
        if (frozen) {
            changes.put(key, Optional.empty());
        } else {
            entries.remove(key);
        }
    }

    /** What the map holds now, to be read on any thread until it thaws. */
    SortedMap<K, V> freeze() {
        if (frozen) {
            throw new IllegalStateException("frozen already");
        }
        frozen = true;
        return Collections.unmodifiableSortedMap(entries);
    }

    /** Nobody reads what {@link #freeze} handed out any more. */
    void thaw() {
        changes.forEach(
                (key, value) -> value.ifPresentOrElse(present -> entries.put(key, present), () -> entries.remove(key)));
        changes.clear();
        frozen = false;
    }

    /** All entries in order. */
    Iterator<Map.Entry<K, V>> iterator() {
        return new Merged<>(entries, changes);
    }

    /** The entries from {@code from} on, in order. */
    Iterator<Map.Entry<K, V>> iterator(K from) {
        return new Merged<>(entries.tailMap(from, true), changes.tailMap(from, true));
    }

    /** Entries, some of which are hidden by changes. */
    private static final class Merged<K extends Comparable<K>, V> implements Iterator<Map.Entry<K, V>> {
        private final Iterator<Map.Entry<K, V>> entries;
        private final Iterator<Map.Entry<K, Optional<V>>> changes;
        private Map.Entry<K, V> entry;
        private Map.Entry<K, Optional<V>> change;
        private Map.Entry<K, V> next;

        private Merged(SortedMap<K, V> entries, SortedMap<K, Optional<V>> changes) {
            this.entries = entries.entrySet().iterator();
            this.changes = changes.entrySet().iterator();
            this.entry = nextOf(this.entries);
            this.change = nextOf(this.changes);
            advance();
        }

        private static <E> E nextOf(Iterator<E> iterator) {
            return iterator.hasNext() ? iterator.next() : null;
        }

        private void advance() {
            next = null;
            while (next == null && (entry != null || change != null)) {
                int order = order();
                if (order < 0) {
                    next = entry;
                } else {
                    K key = change.getKey();
                    next = change.getValue()
                            .map(value -> new SimpleImmutableEntry<>(key, value))
                            .orElse(null);
                    change = nextOf(changes);
                }
                if (order <= 0) {
                    entry = nextOf(entries);
                }
            }
        }

        /** Below 0 if the entry comes before the change, 0 if the change replaces it. */
        private int order() {
            if (entry == null || change == null) {
                return entry == null ? 1 : -1;
            }
            return entry.getKey().compareTo(change.getKey());
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Map.Entry<K, V> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Map.Entry<K, V> result = next;
            advance();
            return result;
        }
    }
}
