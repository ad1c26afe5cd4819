package dev.quorate.crypto;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Ed25519 (RFC 8032) by Bouncy Castle's lightweight API, which is about eight times faster than the JDK's provider.
 *
 * <p>The decoded public point is kept, so that it is decoded and checked once for each key.
 */
final class Ed25519Bc implements SignatureScheme {
    static final String NAME = "ed25519-bc";
    static final Ed25519Bc INSTANCE = new Ed25519Bc();

    private Ed25519Bc() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int signatureLength() {
        return Ed25519.SIGNATURE_SIZE;
    }

    @Override
    public PrivateKey generate(SecureRandom random) {
        byte[] seed = new byte[Ed25519.SECRET_KEY_SIZE];
        Ed25519.generatePrivateKey(random, seed);
        return new PrivateKey(NAME, Bytes.wrap(seed));
    }

    @Override
    public PublicKey publicKey(PrivateKey key) throws InvalidKeyException {
        requireScheme(key.scheme());
        if (key.encoded().length() != Ed25519.SECRET_KEY_SIZE) {
            throw new InvalidKeyException("an Ed25519 private key has " + Ed25519.SECRET_KEY_SIZE + " bytes, not "
                    + key.encoded().length());
        }
        byte[] encoded = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(key.encoded().unsafeArray(), 0, encoded, 0);
        return new PublicKey(NAME, Bytes.wrap(encoded));
    }

    @Override
    public Signer signer(PrivateKey key) throws InvalidKeyException {
        PublicKey publicKey = publicKey(key);
        byte[] secret = key.encoded().toArray();
        byte[] encodedPublic = publicKey.encoded().toArray();
        return new Signer() {
            @Override
            public PublicKey publicKey() {
                return publicKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
                Ed25519.sign(secret, 0, encodedPublic, 0, message, 0, message.length, signature, 0);
                return signature;
            }
        };
    }

    @Override
    public SignatureVerifier verifier(PublicKey key) throws InvalidKeyException {
        requireScheme(key.scheme());
        byte[] encoded = key.encoded().toArray();
        Ed25519.PublicPoint point =
                encoded.length == Ed25519.PUBLIC_KEY_SIZE ? Ed25519.validatePublicKeyFullExport(encoded, 0) : null;
        if (point == null) {
            throw new InvalidKeyException(
                    "not a valid Ed25519 public key: " + key.encoded().toHex());
        }
        return new SignatureVerifier() {
            @Override
            public PublicKey publicKey() {
                return key;
            }

            @Override
            public boolean verify(byte[] message, byte[] signature) {
                return signature.length == Ed25519.SIGNATURE_SIZE
                        && Ed25519.verify(signature, 0, point, message, 0, message.length);
            }
        };
    }

    private static void requireScheme(String scheme) throws InvalidKeyException {
        if (!scheme.equals(NAME)) {
            throw new InvalidKeyException("a key of " + scheme + " is not one of " + NAME);
        }
    }
}
