package dev.quorate.transport.channel;

import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.KeyFiles;
import dev.quorate.crypto.SignatureScheme;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * A member's key as TLS wants it: a private key of the Java platform, and a certificate around the public key, signed
 * with the key itself.
 *
 * <p>The certificate is a container for the key and says nothing else that anyone believes: its name is constant and its
 * dates span all of time. That its holder has the private key is proved by the TLS handshake.
 *
 * @param privateKey for the Java platform's TLS
 * @param certificate holds the public key that belongs to it
 */
public record KeyCertificate(PrivateKey privateKey, X509Certificate certificate) {
    /** What every DER encoding of an Ed25519 public key starts with (RFC 8410); the 32 bytes of the key follow. */
    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;
    private static final X500Name NAME = new X500Name("CN=quorate");
    /** "No well-defined expiration date" (RFC 5280, section 4.1.2.5). */
    private static final Date NEVER = Date.from(Instant.parse("9999-12-31T23:59:59Z"));

    /**
     * The certificate of an identity.
     *
     * @param signatureScheme of the cluster; its keys have to be Ed25519 keys
     * @throws ConfigException if the identity has no usable Ed25519 key
     */
    public static KeyCertificate of(Identity identity, String signatureScheme) {
        try {
            SignatureScheme scheme = SignatureScheme.named(signatureScheme);
            byte[] key = scheme.publicKey(identity.key()).encoded().toArray();
            byte[] pkcs8 = KeyFiles.toPkcs8(identity.key());
            PrivateKey privateKey = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            Arrays.fill(pkcs8, (byte) 0);
            return new KeyCertificate(privateKey, certificate(key, scheme.signer(identity.key())::sign));
        } catch (GeneralSecurityException | IOException | InvalidKeyException | IllegalArgumentException e) {
            throw new ConfigException("channels need an Ed25519 key: " + e.getMessage(), e);
        }
    }

    private static X509Certificate certificate(byte[] key, UnaryOperator<byte[]> signature)
            throws GeneralSecurityException, IOException {
        byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + KEY_BYTES);
        System.arraycopy(key, 0, spki, SPKI_PREFIX.length, KEY_BYTES);
        byte[] encoded = new X509v3CertificateBuilder(
                        NAME,
                        BigInteger.ONE,
                        Date.from(Instant.EPOCH),
                        NEVER,
                        NAME,
                        SubjectPublicKeyInfo.getInstance(spki))
                .build(new DerSigner(signature))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    /** The raw Ed25519 key that a certificate holds; empty if it holds a key of another kind. */
    static Optional<Bytes> ed25519Key(Certificate certificate) {
        byte[] spki = certificate.getPublicKey().getEncoded();
        if (spki == null
                || spki.length != SPKI_PREFIX.length + KEY_BYTES
                || !Arrays.equals(spki, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length)) {
            return Optional.empty();
        }
        return Optional.of(Bytes.wrap(Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length)));
    }

    /** Signs the certificate's bytes, which start with an ASN.1 tag: no protocol message starts so. */
    private static final class DerSigner implements ContentSigner {
        private final UnaryOperator<byte[]> signature;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        DerSigner(UnaryOperator<byte[]> signature) {
            this.signature = signature;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return signature.apply(content.toByteArray());
        }
    }
}
