package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.crypto.Bytes;

/** What a replica knows of the world outside: events tell it. */
public final class Readings {
    private final long maxSkewMillis;
    private Bytes secret = Bytes.EMPTY;
    private long wallClockMillis;

    public Readings(Limits limits) {
        this.maxSkewMillis = limits.get(Limit.MAX_CLOCK_SKEW);
    }

    public void onStarted(Event.Started event) {
        secret = event.secret();
    }

    public void onClock(long millis) {
        wallClockMillis = Math.max(0, millis);
    }

    /** The machine's clock, as of the last time at which the driver said it; in milliseconds since 1970. */
    public long wallClockMillis() {
        return wallClockMillis;
    }

    /** What proposed seeds derive from. */
    public Bytes secret() {
        return secret;
    }

    /** Whether a time that a primary proposes is close enough to this replica's clock. */
    public boolean isClose(ProposedValues values) {
        return values.timeMillis() >= wallClockMillis - maxSkewMillis && !isInFuture(values);
    }

    /**
     * Whether a proposed time is too far in the future. Nothing else can be asked of what a NEW-VIEW proposes again: it may
     * be long past, because others accepted it then, and refusing it would stop the cluster after a long outage.
     */
    public boolean isInFuture(ProposedValues values) {
        return values.timeMillis() > wallClockMillis + maxSkewMillis;
    }
}
