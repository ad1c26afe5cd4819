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

    public void onDrained(Event.Drained event) {
        wallClockMillis = Math.max(0, event.wallClockMillis());
    }

    /** The machine's clock, as of the last time at which the driver said it; in milliseconds since 1970. */
    public long wallClockMillis() {
        return wallClockMillis;
    }

    /** What proposed seeds derive from. */
    public Bytes secret() {
        return secret;
    }

    /**
     * Whether a proposed time may be voted for. One that a NEW-VIEW proposes again may be long past: it is that of a batch
     * which others accepted then, and refusing it would stop the cluster after a long outage.
     */
    public boolean accepts(ProposedValues values, boolean proposedAgain) {
        boolean tooEarly = values.timeMillis() < wallClockMillis - maxSkewMillis;
        boolean tooLate = values.timeMillis() > wallClockMillis + maxSkewMillis;
        return !tooLate && (proposedAgain || !tooEarly);
    }
}
