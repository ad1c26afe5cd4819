package dev.quorate.simulator.kernel;

import java.util.PriorityQueue;

/**
 * Virtual time, and what is going to happen in it. Of two things at one time the one that was scheduled first happens
 * first. Not thread-safe.
 */
public final class Scheduler {
    private final PriorityQueue<Entry> queue = new PriorityQueue<>();
    private long now;
    private long scheduled;
    private long executed;

    /** Something that is going to happen, unless it is cancelled before. */
    public interface Cancellable {
        void cancel();
    }

    /** Virtual nanoseconds since the run began. */
    public long now() {
        return now;
    }

    /** How many steps have been run. */
    public long executed() {
        return executed;
    }

    public Cancellable after(long delayNanos, Runnable step) {
        return at(now + Math.max(0, delayNanos), step);
    }

    /** Schedules for {@code atNanos}, or for now if that is over. */
    public Cancellable at(long atNanos, Runnable step) {
        Entry entry = new Entry(Math.max(now, atNanos), scheduled++, step);
        queue.add(entry);
        return entry;
    }

    /** Runs the next step; false if there is none up to {@code untilNanos}, which is then the time. */
    public boolean step(long untilNanos) {
        while (!queue.isEmpty() && queue.peek().at <= untilNanos) {
            Entry entry = queue.remove();
            if (entry.step != null) {
                now = entry.at;
                executed++;
                entry.step.run();
                return true;
            }
        }
        now = Math.max(now, untilNanos);
        return false;
    }

    private static final class Entry implements Comparable<Entry>, Cancellable {
        private final long at;
        private final long order;
        private Runnable step;

        private Entry(long at, long order, Runnable step) {
            this.at = at;
            this.order = order;
            this.step = step;
        }

        @Override
        public void cancel() {
            // It stays in the queue until its time: removing it from the middle of a heap would be slow.
            step = null;
        }

        @Override
        public int compareTo(Entry that) {
            return at != that.at ? Long.compare(at, that.at) : Long.compare(order, that.order);
        }
    }
}
