package dev.quorate.usig;

import dev.quorate.crypto.Digest;

/** Verifies the identifiers of one USIG identity. Thread-safe. */
public interface UsigVerifier {
    /** Whether {@code ui} was given to {@code message}. False, never an exception, for any malformed input. */
    boolean verify(Digest message, UniqueIdentifier ui);
}
