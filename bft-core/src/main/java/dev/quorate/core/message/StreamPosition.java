package dev.quorate.core.message;

import dev.quorate.core.View;
import dev.quorate.usig.UniqueIdentifier;
import java.util.Optional;

/**
 * From where on a replica's stream still matters after a checkpoint.
 *
 * @param counter the first message that concerns a position above the checkpoint, or that was not handled; at least 1
 * @param left the replica's VIEW-CHANGE for the highest view before that, since it bears on what follows
 */
public record StreamPosition(long counter, Optional<Left> left) {
    /** The beginning. */
    public static final StreamPosition FIRST = new StreamPosition(1, Optional.empty());

    /** A VIEW-CHANGE, with the UI that proves it. */
    public record Left(View view, UniqueIdentifier ui) {}

    public StreamPosition {
        if (counter < 1) {
            throw new IllegalArgumentException("counter " + counter);
        }
    }
}
