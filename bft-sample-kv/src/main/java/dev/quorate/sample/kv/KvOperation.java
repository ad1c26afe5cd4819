package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import java.util.Optional;

/**
 * What a client may ask of the store. Keys and values are any bytes; keys are ordered byte by byte, unsigned.
 *
 * <p>An operation that exceeds {@link KvLimits} cannot be made: the constructors throw {@link IllegalArgumentException}.
 */
public sealed interface KvOperation {
    /** Sets the value of a key, whether or not it had one. Result: {@link KvResult.Done}. */
    record Put(Bytes key, Bytes value) implements KvOperation {
        public Put {
            requireAtMost(KvLimits.MAX_KEY_BYTES, key, "the key");
            requireAtMost(KvLimits.MAX_VALUE_BYTES, value, "the value");
        }
    }

    /** Result: {@link KvResult.Value}. */
    record Get(Bytes key) implements KvOperation {
        public Get {
            requireAtMost(KvLimits.MAX_KEY_BYTES, key, "the key");
        }
    }

    /** Result: {@link KvResult.Applied}, which says whether the key was there. */
    record Delete(Bytes key) implements KvOperation {
        public Delete {
            requireAtMost(KvLimits.MAX_KEY_BYTES, key, "the key");
        }
    }

    /**
     * Sets the value of a key if its value is the expected one. Result: {@link KvResult.Applied}.
     *
     * @param expected empty if the key has to be absent
     */
    record CompareAndSet(Bytes key, Optional<Bytes> expected, Bytes update) implements KvOperation {
        public CompareAndSet {
            requireAtMost(KvLimits.MAX_KEY_BYTES, key, "the key");
            expected.ifPresent(value -> requireAtMost(KvLimits.MAX_VALUE_BYTES, value, "the expected value"));
            requireAtMost(KvLimits.MAX_VALUE_BYTES, update, "the new value");
        }
    }

    /**
     * Lists entries in the order of their keys. Result: {@link KvResult.Page}.
     *
     * @param from the first key, inclusive; empty for the beginning
     * @param to the end, exclusive; absent for the end of the store
     * @param limit from 1 to {@link KvLimits#MAX_SCAN_ENTRIES}
     */
    record Scan(Bytes from, Optional<Bytes> to, int limit) implements KvOperation {
        /** One byte more than a key has, so that the position right after the longest key can be named. */
        static final int MAX_BOUND_BYTES = KvLimits.MAX_KEY_BYTES + 1;

        public Scan {
            requireAtMost(MAX_BOUND_BYTES, from, "the first key");
            to.ifPresent(bound -> requireAtMost(MAX_BOUND_BYTES, bound, "the end"));
            requireInRange(1, KvLimits.MAX_SCAN_ENTRIES, limit, "the limit of a scan");
        }
    }

    /** Counts the entries. Result: {@link KvResult.Count}. */
    record Size() implements KvOperation {}

    /**
     * Does nothing: for measuring what replication itself costs. Result: {@link KvResult.Padding}.
     *
     * @param padding makes the request as large as one likes
     * @param resultBytes how large a result to return
     */
    record Noop(Bytes padding, int resultBytes) implements KvOperation {
        public Noop {
            requireAtMost(KvLimits.MAX_VALUE_BYTES, padding, "the request");
            requireInRange(0, KvLimits.MAX_VALUE_BYTES, resultBytes, "the size of the reply");
        }
    }

    private static void requireAtMost(int maxBytes, Bytes bytes, String what) {
        if (bytes.length() > maxBytes) {
            throw new IllegalArgumentException(
                    what + " has " + bytes.length() + " bytes, but at most " + maxBytes + " are allowed");
        }
    }

    private static void requireInRange(int min, int max, int value, String what) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " is " + value + ", but has to be from " + min + " to " + max);
        }
    }
}
