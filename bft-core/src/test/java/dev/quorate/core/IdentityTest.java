package dev.quorate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.crypto.KeyFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final Identity KNOWN = TestCluster.pbft(4).replica(0);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("replica-0.key");
    }

    @Test
    void whatIsWrittenIsLoaded() throws Exception {
        KeyFiles.write(file, KNOWN.key());
        assertThat(Identity.load(file)).isEqualTo(KNOWN);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Identity.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    @DisplayName("K2: a key that others can read is refused, and the message says what to do")
    void k2AnExposedKeyIsRefused() throws Exception {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "no POSIX permissions here");
        KeyFiles.write(file, KNOWN.key());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> Identity.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    @DisplayName("K2: a damaged key is refused")
    void k2ADamagedKeyIsRefused() throws Exception {
        KeyFiles.write(file, KNOWN.key());
        Files.writeString(file, Files.readString(file).substring(0, 60));

        assertThatThrownBy(() -> Identity.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void anIdentityPrintsNothingOfItsSecret() {
        assertThat(KNOWN.toString())
                .doesNotContain(KNOWN.key().encoded().toHex())
                .contains("private key");
    }
}
