package dev.quorate.core;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** The values of every {@link Limit} for one cluster. Immutable. */
public final class Limits {
    /** See {@link #catchUpPositions()}. */
    public static final int LEAST_CATCH_UP = 256;
    /** What a result that is kept counts for, beside its own length, in bytes. */
    public static final int RESULT_OVERHEAD = 128;

    private static final Limits DEFAULTS = new Limits(new EnumMap<>(Limit.class));

    /** What differs from the defaults. */
    private final Map<Limit, Integer> changed;

    private Limits(EnumMap<Limit, Integer> changed) {
        this.changed = Collections.unmodifiableMap(changed);
    }

    public static Limits defaults() {
        return DEFAULTS;
    }

    /** The same limits but for one; throws {@link IllegalArgumentException} if {@code value} is not in its range. */
    public Limits with(Limit limit, int value) {
        if (value < limit.min() || value > limit.max()) {
            throw new IllegalArgumentException(limit.configName() + " is " + value + ", but has to be from "
                    + limit.min() + " to " + limit.max() + " " + limit.unit());
        }
        EnumMap<Limit, Integer> copy = new EnumMap<>(Limit.class);
        copy.putAll(changed);
        if (value == limit.defaultValue()) {
            copy.remove(limit);
        } else {
            copy.put(limit, value);
        }
        return new Limits(copy);
    }

    public int get(Limit limit) {
        return changed.getOrDefault(limit, limit.defaultValue());
    }

    /** A limit that is a period; its unit has to be ms. */
    public Duration period(Limit limit) {
        if (!limit.unit().equals("ms")) {
            throw new IllegalArgumentException(limit + " is no period");
        }
        return Duration.ofMillis(get(limit));
    }

    /** What differs from the defaults. */
    public Map<Limit, Integer> changed() {
        return changed;
    }

    /**
     * The largest message about one batch, one request or one result, in bytes: a full batch and its headers. What view
     * changes take may be larger: see {@link ClusterConfig#maxMessageBytes()}.
     */
    public int maxBatchMessageBytes() {
        return batchMessageBytes(Math.max(get(Limit.MAX_OPERATION_BYTES), get(Limit.MAX_RESULT_BYTES)));
    }

    /** The largest proposal, in bytes: a full batch and its headers. */
    public int maxProposalBytes() {
        return batchMessageBytes(get(Limit.MAX_OPERATION_BYTES));
    }

    private int batchMessageBytes(long largestOperation) {
        // The last request that goes into a batch may exceed the batch's size by itself; 64 KiB are for headers, and
        // each request has less than 256 bytes of its own around its operation: 128 for a signature, 81 for the rest.
        long bytes = get(Limit.MAX_BATCH_BYTES)
                + get(Limit.MAX_PREDICTION_BYTES)
                + largestOperation
                + 256L * get(Limit.MAX_BATCH_REQUESTS)
                + (64 << 10);
        return Math.toIntExact(bytes);
    }

    /**
     * How many positions a replica that has fallen behind is told of at once: a window, but with a short one still so
     * many that it gets on faster than the others do.
     */
    public int catchUpPositions() {
        return Math.max(LEAST_CATCH_UP, get(Limit.WINDOW));
    }

    /** Throws {@link IllegalArgumentException} if limits contradict each other. */
    Limits requireConsistent() {
        int interval = get(Limit.CHECKPOINT_INTERVAL);
        int window = get(Limit.WINDOW);
        if (window % interval != 0 || window < 2 * interval) {
            throw new IllegalArgumentException("window (" + window + ") has to be a multiple of checkpointInterval ("
                    + interval + "), at least twice as large");
        }
        if (get(Limit.KEPT_RESULT_BYTES) < get(Limit.MAX_RESULT_BYTES) + RESULT_OVERHEAD) {
            throw new IllegalArgumentException("keptResultBytes (" + get(Limit.KEPT_RESULT_BYTES)
                    + ") has to be larger by at least " + RESULT_OVERHEAD + " than maxResultBytes ("
                    + get(Limit.MAX_RESULT_BYTES) + ")");
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limits that && changed.equals(that.changed);
    }

    @Override
    public int hashCode() {
        return changed.hashCode();
    }

    @Override
    public String toString() {
        return "limits " + changed;
    }
}
