package dev.quorate.usig.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to the software USIGs; the rest is in the contract. */
class SoftwareUsigTest {
    private static final Digest MESSAGE = Digest.sha256(new byte[] {1});

    @TempDir
    private Path folder;

    private final UsigProvider hmac = new HmacUsigProvider();
    private final UsigProvider ed25519 = new Ed25519UsigProvider();

    private UsigContext context(String name, String counter) {
        return new UsigContext(folder.resolve(name), Map.of("counter", counter));
    }

    private static void assertReason(Reason reason, org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        UsigStateException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    @Test
    void d1EveryByteOfTheHeaderIsChecked() throws IOException {
        UsigContext context = context("a", "volatile");
        hmac.init(context, 0);
        Path file = context.directory().resolve(StateFile.NAME);
        byte[] sound = Files.readAllBytes(file);
        for (int i = 0; i < StateHeader.BYTES; i++) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> StateHeader.decode(damaged, "it")).isInstanceOf(UsigStateException.class);
        }
        for (int length = 0; length < sound.length; length += 7) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertReason(Reason.CORRUPT, () -> hmac.open(context, Optional.empty()));
        }
    }

    @Test
    void d2AStateFileOfAnotherLengthIsRefused() throws IOException {
        UsigContext context = context("a", "synced");
        hmac.init(context, 0);
        Path file = context.directory().resolve(StateFile.NAME);
        byte[] sound = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 4095, 4096, 4097, sound.length - 1, sound.length + 1}) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertReason(Reason.CORRUPT, () -> hmac.open(context, Optional.empty()));
        }
        Files.write(file, sound);
        hmac.open(context, Optional.empty()).close();
    }

    @Test
    void aDamagedStateIsNotInTheWayOfANewEpoch() throws IOException {
        for (UsigProvider provider : List.of(hmac, ed25519)) {
            UsigContext context = context(provider.name(), "synced");
            provider.init(context, 0);
            Files.write(context.directory().resolve(StateFile.NAME), new byte[100]);
            assertThatThrownBy(() -> provider.open(context, Optional.empty()))
                    .hasMessageContaining("begin a new epoch (renew)");
            UsigIdentity renewed = provider.renew(context, 1);
            try (Usig usig = provider.open(context, Optional.of(new KnownCounter(0, 50)))) {
                assertThat(usig.identity()).isEqualTo(renewed);
                assertThat(usig.createUi(MESSAGE).counter()).isEqualTo(1);
            }
            try (var files = Files.newDirectoryStream(context.directory(), "*.key")) {
                files.forEach(file -> assertThat(file).hasFileName("usig-1.key"));
            }
        }
    }

    @Test
    void anInitialisationThatWasInterruptedCanBeRepeated() throws IOException {
        UsigContext context = context("a", "synced");
        ed25519.init(context, 0);
        // As if it had ended between the key and the state.
        Files.delete(context.directory().resolve(StateFile.NAME));
        Files.write(context.directory().resolve(StateFile.NAME + ".new"), new byte[10]);
        UsigIdentity identity = ed25519.init(context, 0);
        try (Usig usig = ed25519.open(context, Optional.empty())) {
            assertThat(usig.identity()).isEqualTo(identity);
        }
    }

    /** Key and state are two files: a crash may come between any two steps of a new epoch. */
    @Test
    void aNewEpochThatWasInterruptedAnywhereCanBeRepeated() throws IOException {
        UsigContext context = context("a", "synced");
        UsigIdentity old = ed25519.init(context, 0);
        byte[] oldKey = Files.readAllBytes(context.directory().resolve("usig-0.key"));
        Path newKey = context.directory().resolve("usig-1.key");
        for (byte[] written : List.of(new byte[0], new byte[20], oldKey)) {
            // Before the state: the old epoch goes on, whatever there is of a new key.
            Files.write(newKey, written);
            try (Usig usig = ed25519.open(context, Optional.empty())) {
                assertThat(usig.identity()).isEqualTo(old);
                usig.createUi(MESSAGE);
            }
        }
        UsigIdentity renewed = ed25519.renew(context, 1);
        // After the state, before the old key is removed.
        Files.write(context.directory().resolve("usig-0.key"), oldKey);
        try (Usig usig = ed25519.open(context, Optional.empty())) {
            assertThat(usig.identity()).isEqualTo(renewed);
            assertThat(usig.createUi(MESSAGE).counter()).isEqualTo(1);
        }
        ed25519.renew(context, 2);
        try (var keys = Files.newDirectoryStream(context.directory(), "*.key")) {
            keys.forEach(key -> assertThat(key).hasFileName("usig-2.key"));
        }
    }

    @Test
    void aVolatileKeyThatACrashLeftBehindIsNotUsedAgain() throws IOException {
        UsigContext context = context("a", "volatile");
        UsigIdentity first = ed25519.init(context, 0);
        Path key = context.directory().resolve("usig-0.key");
        byte[] kept = Files.readAllBytes(key);
        ed25519.open(context, Optional.empty()).close();
        assertThat(key).doesNotExist();
        Files.write(key, kept);
        try (Usig usig = ed25519.open(context, Optional.empty())) {
            assertThat(usig.identity().epoch()).isEqualTo(1);
            assertThat(usig.identity().key()).isNotEqualTo(first.key());
        }
        assertThat(key).doesNotExist();
    }

    @Test
    void aStateOfALaterFormatIsNotTakenForDamage() throws IOException {
        UsigContext context = context("a", "synced");
        hmac.init(context, 0);
        Path file = context.directory().resolve(StateFile.NAME);
        byte[] state = Files.readAllBytes(file);
        state[11]++;
        CRC32C crc = new CRC32C();
        crc.update(state, 0, StateHeader.BYTES - Integer.BYTES);
        ByteBuffer.wrap(state).putInt(StateHeader.BYTES - Integer.BYTES, (int) crc.getValue());
        Files.write(file, state);
        assertReason(Reason.MISMATCH, () -> hmac.open(context, Optional.empty()));
        assertThatThrownBy(() -> hmac.renew(context, 1)).hasMessageContaining("use the program that wrote it");
    }

    @Test
    void aSecretThatIsLostIsNotReplacedByOneThatNobodyElseHas() throws IOException {
        UsigContext context = context("a", "synced");
        hmac.init(context, 0);
        Files.delete(context.directory().resolve("usig.secret"));
        assertReason(Reason.MISMATCH, () -> hmac.open(context, Optional.empty()));
        assertThatThrownBy(() -> hmac.renew(context, 1)).hasMessageContaining("copy it from another replica");
    }

    @Test
    void whereTheCounterIsKeptChangesOnlyWithTheEpoch() throws IOException {
        hmac.init(context("a", "synced"), 0);
        assertReason(Reason.MISMATCH, () -> hmac.open(context("a", "log"), Optional.of(new KnownCounter(0, 0))));
        hmac.renew(context("a", "log"), 1);
        hmac.open(context("a", "log"), Optional.empty()).close();
        assertThatThrownBy(() -> hmac.open(context("a", "sync"), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("synced, log or volatile, not 'sync'");
    }

    @Test
    void oneKindDoesNotOpenTheOther() throws IOException {
        ed25519.init(context("a", "synced"), 0);
        assertReason(Reason.MISMATCH, () -> hmac.open(context("a", "synced"), Optional.empty()));
    }

    @Test
    void anotherProcessIsKeptOutUntilItsHolderDies() throws Exception {
        UsigContext context = new UsigContext(folder.resolve("a"));
        hmac.init(context, 0);
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        context.directory().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(holder.inputReader().readLine()).isEqualTo("0");
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> hmac.open(context, Optional.empty()))
                    .hasMessageContaining("another process has the USIG in");
        }
        holder.destroyForcibly();
        holder.waitFor();
        hmac.open(context, Optional.empty()).close();
    }

    /** On POSIX, closing a second channel to the file would give up the lock of the first. */
    @Test
    void anAttemptThatFailedDoesNotLetOtherProcessesIn() throws Exception {
        UsigContext context = new UsigContext(folder.resolve("a"));
        hmac.init(context, 0);
        Usig usig = hmac.open(context, Optional.empty());
        Path sameDirectory = folder.resolve("link");
        Files.createSymbolicLink(sameDirectory, context.directory());
        for (Path path : List.of(context.directory(), sameDirectory)) {
            assertThatThrownBy(() -> hmac.open(new UsigContext(path), Optional.empty()))
                    .hasMessageContaining("this process has the USIG in");
        }
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        context.directory().toString())
                .redirectErrorStream(true)
                .start();
        other.getOutputStream().close();
        assertThat(new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("another process has the USIG in");
        usig.close();
    }

    @Test
    void aLogThatLostWhatWasConfirmedIsNoticed() throws IOException {
        UsigContext context = context("a", "log");
        hmac.init(context, 0);
        try (Usig usig = hmac.open(context, Optional.empty())) {
            for (int i = 0; i < 10; i++) {
                usig.createUi(MESSAGE);
            }
            usig.confirm(8);
        }
        assertReason(Reason.LOG_LOST, () -> hmac.open(context, Optional.of(new KnownCounter(0, 7))));
        try (Usig usig = hmac.open(context, Optional.of(new KnownCounter(0, 8)))) {
            assertThat(usig.createUi(MESSAGE).counter()).isEqualTo(9);
        }
    }

    @Test
    void secretsAreForTheirOwnerOnlyOrRefused() throws IOException {
        for (UsigProvider provider : List.of(hmac, ed25519)) {
            UsigContext context = new UsigContext(folder.resolve(provider.name()));
            provider.init(context, 0);
            try (var files = Files.newDirectoryStream(context.directory(), "usig*.{key,secret,state}")) {
                for (Path file : files) {
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as("%s", file)
                            .isEqualTo("rw-------");
                }
            }
            Path secret = context.directory().resolve(provider == hmac ? "usig.secret" : "usig-0.key");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
            assertReason(Reason.EXPOSED, () -> provider.open(context, Optional.empty()));
        }
    }

    @Test
    void withASharedSecretEveryoneHasToHaveTheSame() throws IOException {
        UsigContext one = new UsigContext(folder.resolve("one"));
        UsigContext other = new UsigContext(folder.resolve("other"));
        UsigIdentity identity = hmac.init(one, 0);
        hmac.init(other, 0);
        assertThatThrownBy(() -> hmac.verifier(other, identity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all replicas need the same usig.secret");
        Files.write(
                one.directory().resolve("usig.secret"),
                Files.readAllBytes(other.directory().resolve("usig.secret")));
        assertReason(Reason.MISMATCH, () -> hmac.open(one, Optional.empty()));
        Files.writeString(one.directory().resolve("usig.secret"), "not hexadecimal");
        assertReason(Reason.MISMATCH, () -> hmac.open(one, Optional.empty()));
    }

    @Test
    void aReplicaThatIsAddedLaterUsesTheSecretThatWasCopied() throws IOException {
        List<UsigContext> cluster =
                List.of(new UsigContext(folder.resolve("r0")), new UsigContext(folder.resolve("r1")));
        hmac.initAll(cluster);
        UsigContext late = new UsigContext(folder.resolve("r2"));
        Files.createDirectories(late.directory());
        Files.copy(
                cluster.get(1).directory().resolve("usig.secret"),
                late.directory().resolve("usig.secret"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        UsigIdentity identity = hmac.init(late, 0);
        try (Usig usig = hmac.open(late, Optional.empty())) {
            UniqueIdentifier ui = usig.createUi(MESSAGE);
            assertThat(hmac.verifier(cluster.get(0), identity).verify(MESSAGE, ui))
                    .isTrue();
        }
    }

    /** A directory lost and initialised again by mistake, in the epoch that it had, is another USIG all the same. */
    @Test
    void u3TheSameEpochMadeAgainHasAnotherIdentity() throws IOException {
        for (UsigProvider provider : List.of(hmac, ed25519)) {
            UsigContext context = new UsigContext(folder.resolve(provider.name()));
            UsigIdentity before = provider.init(context, 0);
            Files.delete(context.directory().resolve(StateFile.NAME));
            UsigIdentity after = provider.init(context, 0);
            assertThat(after.key()).isNotEqualTo(before.key());
            try (Usig usig = provider.open(context, Optional.empty())) {
                UniqueIdentifier ui = usig.createUi(MESSAGE);
                assertThat(provider.verifier(context, before).verify(MESSAGE, ui))
                        .isFalse();
                assertThat(provider.verifier(context, after).verify(MESSAGE, ui))
                        .isTrue();
            }
        }
    }
}
