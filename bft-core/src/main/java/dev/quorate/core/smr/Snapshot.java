package dev.quorate.core.smr;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;

/**
 * The service's state at one sequence number.
 *
 * @param state what the service wrote
 * @param digest of {@code state}
 */
public record Snapshot(Bytes state, Digest digest) {
    @Override
    public String toString() {
        return "snapshot " + digest + " of " + state.length() + " bytes";
    }
}
