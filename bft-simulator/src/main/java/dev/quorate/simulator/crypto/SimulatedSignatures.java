package dev.quorate.simulator.crypto;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.crypto.Signer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * Signatures for simulations: a hundred times faster than real ones. Within a process nobody can sign without the
 * private key, because nobody but this class knows the secret that goes into every signature. <strong>Outside of a
 * simulation they protect nothing</strong>: whoever has this class can forge them. So the class is in the simulator,
 * never in what a production system needs.
 *
 * <p>The secret is a constant rather than random, so that a seed gives the same bytes everywhere.
 */
public final class SimulatedSignatures implements SignatureScheme {
    /** The name to use in a configuration. */
    public static final String NAME = "simulated";

    private static final byte[] SECRET = "known to this class alone".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PUBLIC = "public key".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int signatureLength() {
        return Digest.LENGTH;
    }

    @Override
    public PrivateKey generate(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return new PrivateKey(NAME, Bytes.wrap(key));
    }

    @Override
    public PublicKey publicKey(PrivateKey key) throws InvalidKeyException {
        require(key.scheme(), key.encoded());
        return new PublicKey(
                NAME, Digest.sha256(PUBLIC, key.encoded().unsafeArray()).toBytes());
    }

    @Override
    public Signer signer(PrivateKey key) throws InvalidKeyException {
        PublicKey publicKey = publicKey(key);
        byte[] signingKey = signingKey(publicKey);
        return new Signer() {
            @Override
            public PublicKey publicKey() {
                return publicKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                return signature(signingKey, message).toArray();
            }
        };
    }

    @Override
    public SignatureVerifier verifier(PublicKey key) throws InvalidKeyException {
        require(key.scheme(), key.encoded());
        byte[] signingKey = signingKey(key);
        return new SignatureVerifier() {
            @Override
            public PublicKey publicKey() {
                return key;
            }

            @Override
            public boolean verify(byte[] message, byte[] signature) {
                return signature.length == Digest.LENGTH
                        && signature(signingKey, message).equals(Digest.of(signature));
            }
        };
    }

    private static byte[] signingKey(PublicKey key) {
        return Digest.sha256(SECRET, key.encoded().unsafeArray()).toArray();
    }

    private static Digest signature(byte[] signingKey, byte[] message) {
        return Digest.sha256(signingKey, message);
    }

    private static void require(String scheme, Bytes encoded) throws InvalidKeyException {
        if (!scheme.equals(NAME) || encoded.length() != KEY_BYTES) {
            throw new InvalidKeyException("not a key for simulated signatures: " + scheme);
        }
    }
}
