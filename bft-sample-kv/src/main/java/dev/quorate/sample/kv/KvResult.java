package dev.quorate.sample.kv;

import dev.quorate.crypto.Bytes;
import java.util.List;
import java.util.Optional;

/** What the store answers. */
public sealed interface KvResult {
    /** It is done, and there is nothing to tell. */
    record Done() implements KvResult {}

    /** Whether the operation changed something. */
    record Applied(boolean applied) implements KvResult {}

    /** The value of a key, if it has one. */
    record Value(Optional<Bytes> value) implements KvResult {}

    record Count(long count) implements KvResult {}

    /**
     * Entries in the order of their keys.
     *
     * @param more whether the range goes on after the last of these
     */
    record Page(List<Entry> entries, boolean more) implements KvResult {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /** A key and its value. */
    record Entry(Bytes key, Bytes value) {}

    record Padding(Bytes padding) implements KvResult {}

    /** The operation did nothing. */
    record Refused(Reason reason) implements KvResult {}

    /** Why an operation did nothing, with its code in the format. */
    enum Reason {
        /** The bytes are not an operation, or exceed {@link KvLimits}. */
        INVALID_OPERATION(1),
        /** The store would exceed the size that it was made with, {@link KvLimits#DEFAULT_STORE_BYTES} as a rule. */
        STORE_FULL(2);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
