package dev.quorate.core;

import java.util.Objects;
import java.util.Optional;

/**
 * What {@link ReplicatedService#read} found.
 *
 * @param value not null; at most {@code maxResultBytes} long; given away
 * @param lastChanged the {@link Operation#sequenceNumber()} at which what was read last changed, if the service knows it:
 *     replicas that are not equally far then still agree about what has not changed meanwhile
 */
@SuppressWarnings("ArrayRecordComponent") // Carried from the service to the one who sends it; never compared.
public record ReadResult(byte[] value, Optional<SequenceNumber> lastChanged) {
    public ReadResult {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(lastChanged, "lastChanged");
    }

    /** A result of which it is not known when it last changed. */
    public static ReadResult of(byte[] value) {
        return new ReadResult(value, Optional.empty());
    }

    /** A result that last changed at {@code lastChanged}. */
    public static ReadResult of(byte[] value, SequenceNumber lastChanged) {
        return new ReadResult(value, Optional.of(lastChanged));
    }
}
