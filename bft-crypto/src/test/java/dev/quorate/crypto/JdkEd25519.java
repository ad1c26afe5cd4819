package dev.quorate.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Ed25519 by the Java platform's own provider: a second scheme, found through ServiceLoader like anyone's. */
public final class JdkEd25519 implements SignatureScheme {
    static final String NAME = "ed25519-jdk";

    private static final HexFormat HEX = HexFormat.of();
    private static final String PKCS8_HEADER = "302e020100300506032b657004220420";
    private static final String SPKI_HEADER = "302a300506032b6570032100";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int signatureLength() {
        return 64;
    }

    @Override
    public PrivateKey generate(SecureRandom random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return new PrivateKey(NAME, Bytes.wrap(seed));
    }

    @Override
    public PublicKey publicKey(PrivateKey key) throws InvalidKeyException {
        // The platform offers no way from a seed to its public key.
        PrivateKey same = new PrivateKey(SignatureScheme.DEFAULT, key.encoded());
        return new PublicKey(
                NAME,
                SignatureScheme.named(SignatureScheme.DEFAULT).publicKey(same).encoded());
    }

    @Override
    public Signer signer(PrivateKey key) throws InvalidKeyException {
        PublicKey publicKey = publicKey(key);
        try {
            byte[] pkcs8 = HEX.parseHex(PKCS8_HEADER + key.encoded().toHex());
            java.security.PrivateKey decoded =
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new JdkSigner(publicKey, decoded);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException(e.getMessage());
        }
    }

    @Override
    public SignatureVerifier verifier(PublicKey key) throws InvalidKeyException {
        try {
            byte[] spki = HEX.parseHex(SPKI_HEADER + key.encoded().toHex());
            java.security.PublicKey decoded =
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
            return new JdkVerifier(key, decoded);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeyException(e.getMessage());
        }
    }

    private record JdkSigner(PublicKey publicKey, java.security.PrivateKey key) implements Signer {
        @Override
        public byte[] sign(byte[] message) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(key);
                signature.update(message);
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record JdkVerifier(PublicKey publicKey, java.security.PublicKey key) implements SignatureVerifier {
        @Override
        public boolean verify(byte[] message, byte[] bytes) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initVerify(key);
                signature.update(message);
                return signature.verify(bytes);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }
}
