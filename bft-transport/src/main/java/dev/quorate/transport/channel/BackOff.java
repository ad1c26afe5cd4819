package dev.quorate.transport.channel;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before trying again: doubling, with jitter, so that not all try at the same time. Not thread-safe. */
final class BackOff {
    private final long firstNanos;
    private final long lastNanos;
    private long nextNanos;

    BackOff(Duration first, Duration last) {
        this.firstNanos = first.toNanos();
        this.lastNanos = last.toNanos();
        this.nextNanos = firstNanos;
    }

    /** The next delay, in nanoseconds: from half to all of what it would be without jitter. */
    long nextNanos() {
        long delay = nextNanos;
        nextNanos = Math.min(2 * nextNanos, lastNanos);
        return delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    }

    /** It worked: start small the next time. */
    void reset() {
        nextNanos = firstNanos;
    }
}
