package dev.quorate.core.wire;

import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;

/** Knows the USIGs of a cluster's replicas. Thread-safe. */
@FunctionalInterface
public interface UiVerifier {
    /** Of a cluster without USIGs. */
    UiVerifier NONE = (replica, message, ui) -> false;

    /** Whether the USIG of {@code replica}, one of the cluster's, gave {@code ui} to that message. */
    boolean verify(ReplicaId replica, Digest message, UniqueIdentifier ui);
}
