package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;

/** How far one session is. */
final class Session {
    /** The last number given to the service. */
    private long scheduled;
    /** The last number that the service has executed. */
    private long completed;
    /** The batch that last touched it: what eviction goes by. */
    private SequenceNumber lastUsed;

    Session() {}

    /** A session as it was when it was written. */
    Session(long scheduled, SequenceNumber lastUsed) {
        this.scheduled = scheduled;
        this.completed = scheduled;
        this.lastUsed = lastUsed;
    }

    long scheduled() {
        return scheduled;
    }

    long completed() {
        return completed;
    }

    SequenceNumber lastUsed() {
        return lastUsed;
    }

    void schedule(SequenceNumber at) {
        scheduled++;
        lastUsed = at;
    }

    void complete(long number) {
        completed = number;
    }
}
