package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Result;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What is remembered of one session: how far it is, and its last {@code W_c} results. */
final class Session {
    private final int keptResults;
    /** The last number given to the service. */
    private long scheduled;
    /** The batch that last touched it: what eviction goes by. */
    private SequenceNumber lastUsed;

    private final NavigableMap<Long, Result> results = new TreeMap<>();

    Session(int keptResults) {
        this.keptResults = keptResults;
    }

    /** A session as it was when it was written. */
    Session(int keptResults, long scheduled, SequenceNumber lastUsed) {
        this(keptResults);
        this.scheduled = scheduled;
        this.lastUsed = lastUsed;
    }

    long scheduled() {
        return scheduled;
    }

    SequenceNumber lastUsed() {
        return lastUsed;
    }

    NavigableMap<Long, Result> results() {
        return results;
    }

    void schedule(SequenceNumber at) {
        scheduled++;
        lastUsed = at;
    }

    void complete(long number, Result result) {
        results.put(number, result);
        if (results.size() > keptResults) {
            results.pollFirstEntry();
        }
    }
}
