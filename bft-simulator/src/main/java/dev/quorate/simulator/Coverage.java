package dev.quorate.simulator;

import dev.quorate.core.smr.Notice;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often the interesting things happened: a simulation that never saw a crash says nothing about crashes. Not
 * thread-safe.
 */
public final class Coverage {
    /** Put in order only when somebody wants to read it. */
    private final Map<String, long[]> counts = new HashMap<>();

    private final Map<Class<?>, long[]> notices = new HashMap<>();

    /** Counts one occurrence of {@code what}. */
    public void count(String what) {
        counter(what)[0]++;
    }

    /** Counts a notice of a replica, by its kind. There are many. */
    public void countNotice(Notice notice) {
        notices.computeIfAbsent(notice.getClass(), kind -> counter("notice: " + kind.getSimpleName()))[0]++;
    }

    private long[] counter(String what) {
        return counts.computeIfAbsent(what, name -> new long[1]);
    }

    /** Adds another run's counts. */
    public void add(Coverage other) {
        other.counts.forEach((what, count) -> counter(what)[0] += count[0]);
    }

    /** How often {@code what} happened. */
    public long of(String what) {
        return counts.getOrDefault(what, new long[1])[0];
    }

    /** All counts, by name. */
    public SortedMap<String, Long> counts() {
        SortedMap<String, Long> sorted = new TreeMap<>();
        counts.forEach((what, count) -> sorted.put(what, count[0]));
        return Collections.unmodifiableSortedMap(sorted);
    }

    @Override
    public String toString() {
        return counts().toString();
    }
}
