package dev.quorate.simulator.broken;

import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.crypto.Signer;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import java.security.SecureRandom;

/** Signatures that nobody verifies. */
public final class UnverifiedSignatures implements SignatureScheme {
    static final String NAME = "unverified";

    private final SimulatedSignatures right = new SimulatedSignatures();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int signatureLength() {
        return right.signatureLength();
    }

    @Override
    public PrivateKey generate(SecureRandom random) {
        return new PrivateKey(NAME, right.generate(random).encoded());
    }

    @Override
    public PublicKey publicKey(PrivateKey key) throws InvalidKeyException {
        return new PublicKey(NAME, right.publicKey(rightKey(key)).encoded());
    }

    @Override
    public Signer signer(PrivateKey key) throws InvalidKeyException {
        PublicKey publicKey = publicKey(key);
        Signer signer = right.signer(rightKey(key));
        return new Signer() {
            @Override
            public PublicKey publicKey() {
                return publicKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                return signer.sign(message);
            }
        };
    }

    @Override
    public SignatureVerifier verifier(PublicKey key) {
        return new SignatureVerifier() {
            @Override
            public PublicKey publicKey() {
                return key;
            }

            @Override
            public boolean verify(byte[] message, byte[] signature) {
                return true;
            }
        };
    }

    private static PrivateKey rightKey(PrivateKey key) {
        return new PrivateKey(SimulatedSignatures.NAME, key.encoded());
    }
}
