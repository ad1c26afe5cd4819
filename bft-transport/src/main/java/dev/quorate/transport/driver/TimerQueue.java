package dev.quorate.transport.driver;

import dev.quorate.core.smr.TimerId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The timers of one replica. Not thread-safe. Times are those of {@link System#nanoTime}, which has nothing to do with
 * the time of day.
 */
final class TimerQueue {
    private record Armed(TimerId timer, long deadlineNanos) {}

    private final Map<TimerId, Armed> armed = new HashMap<>();
    /** By difference, since nanoTime may overflow. Holds replaced and stopped timers until their time has come. */
    private final PriorityQueue<Armed> byDeadline =
            new PriorityQueue<>(Comparator.comparingLong((Armed a) -> a.deadlineNanos() - ORIGIN));

    private static final long ORIGIN = System.nanoTime();

    /** Starts a timer, or starts it anew. */
    void start(TimerId timer, long deadlineNanos) {
        Armed entry = new Armed(timer, deadlineNanos);
        armed.put(timer, entry);
        byDeadline.add(entry);
        forgetReplaced();
    }

    void stop(TimerId timer) {
        armed.remove(timer);
    }

    /** A timer whose time has come, which is then no longer running; empty if there is none. */
    Optional<TimerId> pollDue(long nowNanos) {
        dropStale();
        Armed first = byDeadline.peek();
        if (first == null || first.deadlineNanos() - nowNanos > 0) {
            return Optional.empty();
        }
        byDeadline.remove();
        armed.remove(first.timer());
        return Optional.of(first.timer());
    }

    /** How long until the next timer is due: at most {@code most}, and 0 if one is. */
    long nanosToNext(long nowNanos, long most) {
        dropStale();
        Armed first = byDeadline.peek();
        return first == null ? most : Math.min(most, Math.max(0, first.deadlineNanos() - nowNanos));
    }

    private void dropStale() {
        while (!byDeadline.isEmpty() && !isRunning(byDeadline.peek())) {
            byDeadline.remove();
        }
    }

    /** Keeps a timer that is started over and over from filling the queue. */
    private void forgetReplaced() {
        if (byDeadline.size() > 64 + 2 * armed.size()) {
            byDeadline.removeIf(entry -> !isRunning(entry));
        }
    }

    @SuppressWarnings("ReferenceEquality") // An equal entry may be an earlier start of the same timer.
    private boolean isRunning(Armed entry) {
        return armed.get(entry.timer()) == entry;
    }
}
