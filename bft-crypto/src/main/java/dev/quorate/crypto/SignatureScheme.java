package dev.quorate.crypto;

import java.security.SecureRandom;

/**
 * One implementation of one signature algorithm, named so that a whole cluster can agree on it.
 *
 * <p>Implementations of the same algorithm disagree about crafted signatures and keys (for Ed25519: cofactored or not,
 * small-order and non-canonical points). A Byzantine signer could make a certificate that is valid for some replicas
 * only. Hence the name stands for the <em>implementation</em>, is part of the cluster configuration, and is never
 * chosen machine by machine. Others plug in through {@link java.util.ServiceLoader}.
 *
 * <p>Thread-safe.
 */
public interface SignatureScheme {
    /** The default: {@link Ed25519Bc}. */
    String DEFAULT = Ed25519Bc.NAME;

    /** Unique and stable: it is written into configurations. */
    String name();

    /** The length of every signature of this scheme, in bytes. */
    int signatureLength();

    PrivateKey generate(SecureRandom random);

    /** The public key of {@code key}; throws {@link InvalidKeyException} if the key is not one of this scheme. */
    PublicKey publicKey(PrivateKey key) throws InvalidKeyException;

    Signer signer(PrivateKey key) throws InvalidKeyException;

    /** Checks the key in full, once: a point of small order or in a non-canonical encoding is refused. */
    SignatureVerifier verifier(PublicKey key) throws InvalidKeyException;

    /** The scheme of that name; throws {@link IllegalArgumentException} that lists the known ones. */
    static SignatureScheme named(String name) {
        if (name.equals(Ed25519Bc.NAME)) {
            return Ed25519Bc.INSTANCE;
        }
        return ServiceLoaderSchemes.named(name);
    }
}
