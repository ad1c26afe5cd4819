package dev.quorate.usig.isolated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Digest;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigStateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What either side does when the other one does not behave, and how the process begins and ends. */
class ServerTest {
    private static final Digest MESSAGE = CountingClient.message(1);

    @TempDir
    private Path folder;

    private final IsolatedUsigProvider provider = new IsolatedUsigProvider();
    private UsigContext context;
    private Path socket;

    @BeforeEach
    void initialise() throws IOException {
        context = new UsigContext(folder.resolve("usig"));
        socket = context.directory().resolve(IsolatedUsigProvider.SOCKET_FILE);
        provider.init(context, 0);
    }

    private Usig open() throws IOException {
        return provider.open(context, Optional.empty());
    }

    /** A client that the USIG serves, and that has read its greeting. */
    private SocketChannel rawClient() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        while (Wire.receiveAnswer(channel).status() == Wire.BUSY) {
            channel.close();
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        }
        return channel;
    }

    @Test
    void whateverAClientSendsTheCounterMovesByRightRequestsOnly() throws Exception {
        UsigProcess process = UsigProcess.serve(context.directory());
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            try (SocketChannel client = rawClient()) {
                byte[] nonsense = new byte[random.nextInt(5 * Wire.REQUEST_BYTES)];
                random.nextBytes(nonsense);
                // Operation 1 with counter 1 would be a right request, and is not among these.
                client.write(ByteBuffer.wrap(nonsense));
                if (round % 2 == 0) {
                    client.shutdownOutput();
                    while (client.read(ByteBuffer.allocate(4096)) >= 0) {
                        // Answers that say no.
                    }
                }
            }
        }
        try (Usig usig = open()) {
            assertThat(usig.lastCounter()).isZero();
            assertThat(usig.createUi(MESSAGE).counter()).isEqualTo(1);
        }
        assertThat(process.terminate()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 2, Long.MAX_VALUE})
    void aCounterThatIsNotTheNextIsRefusedAndTheConnectionGoesOn(long wrong) throws Exception {
        UsigProcess process = UsigProcess.serve(context.directory());
        try (SocketChannel client = rawClient()) {
            for (byte operation : new byte[] {Wire.CREATE, Wire.GET_AGAIN}) {
                Wire.send(client, new Wire.Request(operation, wrong, MESSAGE));
                assertThat(Wire.receiveAnswer(client).status()).isEqualTo(Wire.REFUSED);
            }
            Wire.send(client, new Wire.Request((byte) 77, 1, MESSAGE));
            assertThat(Wire.receiveAnswer(client).text()).contains("there is no operation 77");
            Wire.send(client, new Wire.Request(Wire.CREATE, 1, MESSAGE));
            assertThat(Wire.receiveAnswer(client).status()).isEqualTo(Wire.OK);
        }
        assertThat(process.terminate()).isZero();
    }

    @Test
    void aRequestThatIsCutOffDoesNotMoveTheCounter() throws Exception {
        UsigProcess process = UsigProcess.serve(context.directory());
        byte[] request = ByteBuffer.allocate(Wire.REQUEST_BYTES)
                .put(Wire.CREATE)
                .putLong(1)
                .put(MESSAGE.toArray())
                .array();
        for (int length = 0; length < request.length; length++) {
            try (SocketChannel client = rawClient()) {
                client.write(ByteBuffer.wrap(Arrays.copyOf(request, length)));
            }
        }
        try (Usig usig = open()) {
            assertThat(usig.lastCounter()).isZero();
        }
        assertThat(process.terminate()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // closes at once
                "00", // in the middle of the header
                "000000", // a greeting of nothing
                "00ffff", // longer than any answer
                "00000800000000000000ff", // another protocol
                "000010717573696700000100000000000000ff", // cut off after the magic
                "0300036f6f70" // has failed, and says oops
            })
    void whateverListensInsteadOfAUsigIsNotBelieved(String hex) throws Exception {
        try (ServerSocketChannel impostor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            impostor.bind(UnixDomainSocketAddress.of(socket));
            Thread answering = new Thread(() -> {
                try (SocketChannel client = impostor.accept()) {
                    client.write(ByteBuffer.wrap(java.util.HexFormat.of().parseHex(hex)));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            answering.start();
            assertThatThrownBy(this::open).isInstanceOf(IOException.class);
            answering.join();
        }
    }

    @Test
    void onlyItsOwnerMayConnectUnlessTheGroupIsLetIn() throws Exception {
        UsigProcess process = UsigProcess.serve(context.directory());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(process.terminate()).isZero();
        Path elsewhere = folder.resolve("shared.sock");
        UsigProcess shared = UsigProcess.serve(context.directory(), "--group", "--socket", elsewhere.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
                .isEqualTo("rw-rw----");
        UsigContext there = new UsigContext(context.directory(), java.util.Map.of("socket", elsewhere.toString()));
        try (Usig usig = provider.open(there, Optional.empty())) {
            assertThat(usig.createUi(MESSAGE).counter()).isEqualTo(1);
        }
        assertThat(shared.terminate()).isZero();
    }

    @Test
    void askedToStopItLeavesNoSocketAndKilledItsSocketIsReplaced() throws Exception {
        UsigProcess first = UsigProcess.serve(context.directory());
        first.kill();
        assertThat(socket).exists();
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        UsigStateException.class,
                        e -> assertThat(e.reason()).isEqualTo(UsigStateException.Reason.UNREACHABLE))
                .hasMessageContaining("Start it first: java -jar usig-isolated.jar serve");
        UsigProcess second = UsigProcess.serve(context.directory());
        try (Usig usig = open()) {
            usig.createUi(MESSAGE);
            assertThat(second.terminate()).as("with a client connected").isZero();
            assertThatThrownBy(() -> usig.createUi(MESSAGE)).isInstanceOf(IOException.class);
        }
        assertThat(socket).doesNotExist();
        try (var left = Files.list(context.directory())) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("usig.state", "usig.lock", "usig-0.key");
        }
    }

    @Test
    void twoProcessesForOneUsigAreRefused() throws Exception {
        UsigProcess process = UsigProcess.serve(context.directory());
        assertThat(run("serve", context.directory().toString())).contains("another process has the USIG in");
        assertThat(run("renew", context.directory().toString(), "--epoch", "1"))
                .contains("another process has the USIG in");
        assertThat(process.isAlive()).isTrue();
        assertThat(process.terminate()).isZero();
    }

    /** Its replica has lost its memory, and may not be able to read the USIG's directory, let alone stop its process. */
    @Test
    void aNewEpochBeginsInTheProcess() throws Exception {
        Path elsewhere = folder.resolve("there.sock");
        UsigContext replicas =
                new UsigContext(folder.resolve("replica"), java.util.Map.of("socket", elsewhere.toString()));
        assertThatThrownBy(() -> provider.renew(replicas, 1))
                .isInstanceOfSatisfying(
                        UsigStateException.class,
                        e -> assertThat(e.reason()).isEqualTo(UsigStateException.Reason.UNREACHABLE));
        UsigProcess process = UsigProcess.serve(context.directory(), "--socket", elsewhere.toString());
        UsigIdentity old;
        try (Usig usig = provider.open(replicas, Optional.empty())) {
            usig.createUi(MESSAGE);
            old = usig.identity();
        }
        assertThatThrownBy(() -> provider.renew(replicas, 0)).isInstanceOf(IllegalArgumentException.class);
        UsigIdentity renewed = provider.renew(replicas, 3);
        assertThat(renewed.epoch()).isEqualTo(3);
        assertThat(renewed.key()).isNotEqualTo(old.key());
        assertThat(replicas.directory()).doesNotExist();
        process.kill();
        UsigProcess again = UsigProcess.serve(context.directory(), "--socket", elsewhere.toString());
        try (Usig usig = provider.open(replicas, Optional.of(new KnownCounter(3, 0)))) {
            assertThat(usig.identity()).isEqualTo(renewed);
            UniqueIdentifier ui = usig.createUi(MESSAGE);
            assertThat(ui.counter()).isEqualTo(1);
            assertThat(provider.verifier(replicas, renewed).verify(MESSAGE, ui)).isTrue();
            assertThat(provider.verifier(replicas, old).verify(MESSAGE, ui)).isFalse();
        }
        assertThat(again.terminate()).isZero();
    }

    @Test
    void mistakesOnTheCommandLineAreNamed() throws Exception {
        assertThat(run()).contains("Missing command: init, renew or serve");
        assertThat(run("--help")).contains("usig-isolated", "init", "renew", "serve");
        assertThat(run("serve", "--help")).contains("--socket", "--group").doesNotContain("--until");
        assertThat(run("init", context.directory().toString())).contains("there is a USIG in");
        assertThat(run("serve", folder.resolve("none").toString())).contains("initialise the USIG first");
        assertThat(run("renew", context.directory().toString(), "--epoch", "0")).contains("has to be higher");
        assertThat(run("renew", context.directory().toString(), "--epoch", "2")).matches("08[0-9a-f]+\\s");
        Files.write(context.directory().resolve("usig.state"), new byte[10]);
        assertThat(run("serve", context.directory().toString())).contains("has 10 bytes, which is not its size");
    }

    /** Runs a command that ends by itself, in this process; returns what it printed. */
    private static String run(String... args) {
        StringWriter printed = new StringWriter();
        PrintWriter both = new PrintWriter(printed, true);
        Main.run(both, both, args);
        return printed.toString();
    }
}
