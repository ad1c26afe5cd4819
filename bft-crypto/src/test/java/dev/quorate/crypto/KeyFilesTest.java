package dev.quorate.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);
    /** Made with {@code openssl genpkey}; the secret is that of RFC 8032, TEST 1. */
    private static final String KNOWN_PEM = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    /** The same as version 2 of the format (RFC 5958), which has the public key beside the secret. */
    private static final String KNOWN_PEM_V2 = """
            -----BEGIN PRIVATE KEY-----
            MFECAQEwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            gSEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
            -----END PRIVATE KEY-----
            """;

    @TempDir
    private Path directory;

    private Path file;
    private final PrivateKey key = SCHEME.generate(new SecureRandom());

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("replica-0.key");
    }

    @Test
    void whatIsWrittenCanBeRead() throws Exception {
        KeyFiles.write(file, key);
        assertThat(KeyFiles.read(file)).isEqualTo(key);
    }

    @Test
    void readsAndWritesTheFormatOfEveryoneElse() throws Exception {
        PrivateKey known = KeyFiles.fromPem(KNOWN_PEM);

        assertThat(known.encoded().toHex())
                .isEqualTo("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        assertThat(KeyFiles.toPem(known).replace("\r\n", "\n")).isEqualTo(KNOWN_PEM);
        assertThat(KeyFiles.fromPem(KNOWN_PEM_V2)).isEqualTo(known);
        assertThat(KeyFiles.fromPem("# a comment before\n" + KNOWN_PEM + "and one after"))
                .isEqualTo(known);
    }

    @Test
    void opensslReadsItAndFindsTheSamePublicKey() throws Exception {
        assumeTrue(hasOpenssl(), "openssl is not installed");
        KeyFiles.write(file, key);
        Process process = new ProcessBuilder("openssl", "pkey", "-in", file.toString(), "-pubout", "-outform", "DER")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        byte[] spki = process.getInputStream().readAllBytes();

        assertThat(process.waitFor()).isZero();
        assertThat(Bytes.wrap(spki).toHex())
                .endsWith(SCHEME.publicKey(key).encoded().toHex());
    }

    @Test
    void readsWhatOpensslGenerates() throws Exception {
        assumeTrue(hasOpenssl(), "openssl is not installed");
        Process process = new ProcessBuilder("openssl", "genpkey", "-algorithm", "ed25519", "-out", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();

        assertThat(process.waitFor()).isZero();
        assertThat(KeyFiles.read(file).encoded().length()).isEqualTo(32);
    }

    @Test
    void onlyTheOwnerMayReadIt() throws Exception {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "no POSIX permissions here");
        KeyFiles.write(file, key);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(KeyFiles.isExposed(file)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
    void noticesThatOthersMayReachIt(String permissions) throws Exception {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "no POSIX permissions here");
        KeyFiles.write(file, key);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThat(KeyFiles.isExposed(file)).isTrue();
    }

    @Test
    void neverOverwritesAKey() throws Exception {
        KeyFiles.write(file, key);

        assertThatThrownBy(() -> KeyFiles.write(file, SCHEME.generate(new SecureRandom())))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(KeyFiles.read(file)).isEqualTo(key);
    }

    @Test
    @DisplayName("K2: a key that is not an Ed25519 seed is not written as one")
    void k2WritesNothingButEd25519Keys() {
        for (PrivateKey unusable : new PrivateKey[] {
            new PrivateKey("another", key.encoded()),
            new PrivateKey(SCHEME.name(), Bytes.wrap(new byte[31])),
            new PrivateKey(SCHEME.name(), Bytes.wrap(new byte[33]))
        }) {
            assertThatThrownBy(() -> KeyFiles.write(file, unusable)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> KeyFiles.toPkcs8(unusable)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
            })
    @DisplayName("K2: what is no PEM block with a key is refused, and the message names the file")
    void k2WhatIsNoKeyIsRefused(String content) throws Exception {
        Files.writeString(file, content);
        assertThatThrownBy(() -> KeyFiles.read(file))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining(file.toString());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an encrypted key,  ENCRYPTED PRIVATE KEY, MAA=",
        "a public key,      PUBLIC KEY,  MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "a key of X25519,   PRIVATE KEY, MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
        "a seed too short,  PRIVATE KEY, MC0CAQAwBQYDK2VwBCEEH51hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn8="
    })
    @DisplayName("K2: keys of other kinds are refused")
    void k2OtherKeysAreRefused(String kind, String type, String content) throws Exception {
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + content + "\n-----END " + type + "-----\n");
        assertThatThrownBy(() -> KeyFiles.read(file)).as(kind).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    void refusesFilesThatAreNoTextOrTooLarge() throws Exception {
        Files.write(file, new byte[] {(byte) 0xc3, 0x28});
        assertThatThrownBy(() -> KeyFiles.read(file))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("not a PEM file");

        Files.write(file, " ".repeat(16 * 1024 + 1).getBytes(US_ASCII));
        assertThatThrownBy(() -> KeyFiles.read(file))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void aMissingFileIsAnIoException() {
        assertThatThrownBy(() -> KeyFiles.read(file)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void thePlatformUnderstandsThePkcs8Encoding() throws Exception {
        byte[] pkcs8 = KeyFiles.toPkcs8(key);
        EdECPrivateKey platform =
                (EdECPrivateKey) KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));

        assertThat(platform.getBytes()).contains(key.encoded().toArray());
    }

    private static boolean hasOpenssl() throws InterruptedException {
        try {
            // Versions before 1.1.1 and some replacements do not know Ed25519.
            return new ProcessBuilder("openssl", "genpkey", "-algorithm", "ed25519")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
