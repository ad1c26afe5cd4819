package dev.quorate.simulator;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often the interesting things happened: a simulation that never saw a crash says nothing about crashes. Not
 * thread-safe.
 */
public final class Coverage {
    private final SortedMap<String, Long> counts = new TreeMap<>();

    /** Counts one occurrence of {@code what}. */
    public void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Adds another run's counts. */
    public void add(Coverage other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }

    /** How often {@code what} happened. */
    public long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    /** All counts, by name. */
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
