package dev.quorate.usig;

import dev.quorate.crypto.Digest;

/** Verifies the identifiers of one USIG in one epoch. Thread-safe. */
public interface UsigVerifier {
    /**
     * Whether {@code ui} was given to {@code message}, in the epoch of this verifier's identity. False, never an
     * exception, for any malformed input; neither argument is null.
     *
     * @param message the digest that {@link Usig#createUi} was called with
     */
    boolean verify(Digest message, UniqueIdentifier ui);
}
