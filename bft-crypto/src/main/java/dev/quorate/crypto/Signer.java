package dev.quorate.crypto;

/** Signs with one secret key. Thread-safe and deterministic: the same message always gives the same signature. */
public interface Signer {
    /** The public key that verifies what this signer signs. */
    PublicKey publicKey();

    /** The signature over {@code message}; neither is null. */
    byte[] sign(byte[] message);
}
