package dev.quorate.crypto;

/** Verifies signatures of one public key, whose decoding and checking is done once, beforehand. Thread-safe. */
public interface SignatureVerifier {
    PublicKey publicKey();

    /** Whether {@code signature} is one over {@code message}. False, never an exception, for any malformed input. */
    boolean verify(byte[] message, byte[] signature);
}
