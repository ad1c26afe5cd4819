package dev.quorate.crypto;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Key files as everyone knows them: PEM around PKCS#8, so that {@code openssl pkey -in FILE -text} shows them.
 *
 * <p>Only Ed25519 keys are read and written; the scheme's name is that of {@link SignatureScheme#DEFAULT}.
 */
public final class KeyFiles {
    private static final String PRIVATE_KEY = "PRIVATE KEY";
    /** RFC 8410, section 3. */
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private static final long MAX_FILE_BYTES = 16 * 1024;

    private KeyFiles() {}

    /** Writes a new file that only its owner may read; throws if there is one already. */
    public static void write(Path file, PrivateKey key) throws IOException {
        byte[] pem = toPem(key).getBytes(StandardCharsets.US_ASCII);
        Path directory = file.toAbsolutePath().getParent();
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            // With its permissions from the first instant, not after a moment in which others could open it.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, pem, StandardOpenOption.WRITE);
        } else {
            Files.write(file, pem, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }
    }

    /** Reads a private key; throws {@link InvalidKeyException} naming the file if it holds none that is usable. */
    public static PrivateKey read(Path file) throws IOException, InvalidKeyException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new InvalidKeyException(file + " is too large for a key file");
        }
        try {
            return fromPem(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (InvalidKeyException e) {
            throw new InvalidKeyException(file + ": " + e.getMessage());
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new InvalidKeyException(file + ": not a PEM file");
        }
    }

    /** Whether others than the owner may read {@code file}; false where the file system cannot tell. */
    public static boolean isExposed(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return false;
        }
        Set<java.nio.file.attribute.PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        return permissions.stream().anyMatch(p -> !p.name().startsWith("OWNER_"));
    }

    static String toPem(PrivateKey key) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(PRIVATE_KEY, toPkcs8(key)));
        }
        return text.toString();
    }

    static PrivateKey fromPem(String pem) throws InvalidKeyException {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            PemObject object = reader.readPemObject();
            if (object == null || !object.getType().equals(PRIVATE_KEY)) {
                throw new InvalidKeyException("no PEM block '" + PRIVATE_KEY + "'");
            }
            if (PrivateKeyFactory.createKey(object.getContent()) instanceof Ed25519PrivateKeyParameters parameters) {
                return new PrivateKey(SignatureScheme.DEFAULT, Bytes.wrap(parameters.getEncoded()));
            }
            throw new InvalidKeyException("not an Ed25519 key");
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle reports damaged ASN.1 and damaged base64 with several unchecked exceptions.
            throw new InvalidKeyException("damaged PEM or PKCS#8: " + e.getMessage());
        }
    }

    /**
     * The PKCS#8 encoding of {@code key}, for providers of the Java platform. The caller's to erase.
     *
     * @throws IllegalArgumentException if it is not a key of {@link SignatureScheme#DEFAULT}
     */
    public static byte[] toPkcs8(PrivateKey key) throws IOException {
        if (!key.scheme().equals(SignatureScheme.DEFAULT) || key.encoded().length() != Ed25519.SECRET_KEY_SIZE) {
            throw new IllegalArgumentException("only keys of " + SignatureScheme.DEFAULT + " can be written; this is a "
                    + key + " of " + key.encoded().length() + " bytes");
        }
        // Version 1, without the public key: OpenSSL 3.0 does not read what Bouncy Castle writes by itself, version 2.
        PrivateKeyInfo info = new PrivateKeyInfo(
                new AlgorithmIdentifier(ED25519),
                new DEROctetString(key.encoded().unsafeArray()));
        return info.getEncoded();
    }
}
