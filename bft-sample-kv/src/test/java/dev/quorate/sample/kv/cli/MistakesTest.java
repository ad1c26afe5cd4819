package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mistake gets one line that tells what to do, and exit code 2. */
class MistakesTest {
    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void makeACluster() {
        folder = temporary.resolve("cluster");
        assertThat(Cli.run("init", folder.toString(), "--base-port", "16000").exitCode())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                              | a command is missing
            frobnicate                      | there is no command 'frobnicate'
            put                             | Missing required parameters: 'DIR', 'KEY', 'VALUE'
            put DIR a b c                   | Unmatched argument at index 4: 'c'
            get NONE a                      | there is no folder NONE; to make a cluster: kv init NONE
            get DIR a --hex                 | 'a' is not hexadecimal
            get DIR a --client 7            | there is no client 7; this cluster admits 4
            get DIR a --timeout soon        | 'soon' is not a number of seconds from 0 to 3600
            get DIR a --frob                | Unknown option: '--frob'
            cas DIR a b                     | specify one of these
            scan DIR --limit 0              | the limit of a scan is 0, but has to be from 1 to 10000
            init DIR                        | is there already and not empty
            init DIR/cluster.yaml           | is there already, and is not a folder
            init NEW --protocol minbft --usig tpm | no USIG provider on the class path has the name 'tpm'; known:
            init NEW --usig hmac            | --usig and --counter go with --protocol minbft; pbft needs no USIG
            init NEW --counter log          | --usig and --counter go with --protocol minbft; pbft needs no USIG
            init NEW --protocol minbft --counter loose | --counter is 'loose', but has to be one of [log, synced, volatile]
            init NEW --protocol raft        | unknown protocol 'raft'; known: pbft, minbft
            init NEW --replicas 0           | --replicas is 0, but has to be from 1 to 100
            init NEW --clients 0            | --clients is 0
            init NEW --base-port 65533      | --base-port is 65533, but has to be from 1 to 65532
            replica DIR 4                   | there is no replica 4; this cluster has 0 to 3
            replica DIR x                   | 'x' is not an int
            replica DIR 0 --durability some | unknown durability 'some'; known: sync, async, memory
            verify DIR 4                    | there is no replica 4; this cluster has 0 to 3
            verify NONE 0                   | there is no folder NONE
            bench DIR --durability sync     | --durability goes with --local
            bench                           | specify one of these
            bench DIR --local               | mutually exclusive
            bench DIR --clients 5           | has keys for 4 clients, not for 5; make a cluster that has: kv init
            bench DIR --protocol pbft       | --protocol goes with --local
            bench --local --counter synced  | --counter goes with --local --protocol minbft
            bench DIR --counter synced      | --counter goes with --local --protocol minbft
            bench --local --protocol minbft --counter loose | --counter is 'loose', but has to be one of [log, synced, volatile]
            bench --local --reply 262145    | --reply is 262145, but has to be from 0 to 262144
            demo --protocol raft            | unknown protocol 'raft'; known: pbft, minbft
            """)
    void aMistakeGetsOneLineAndExitCode2(String line, String explanation) {
        String[] args = line.isEmpty()
                ? new String[0]
                : line.replace("DIR", folder.toString())
                        .replace("NONE", temporary.resolve("none").toString())
                        .replace("NEW", temporary.resolve("new").toString())
                        .split(" ", -1);
        assertMistake(
                Cli.run(args),
                explanation.replace("NONE", temporary.resolve("none").toString()));
        assertThat(temporary.resolve("new")).doesNotExist();
    }

    @Test
    void aKeyOrValueThatIsTooLargeIsAMistake() {
        assertMistake(
                Cli.run("put", folder.toString(), "k".repeat(1025), "v"),
                "the key has 1025 bytes, but at most 1024 are allowed");
    }

    @Test
    void aConfigurationThatIsNoYamlIsAMistake() throws IOException {
        Files.writeString(folder.resolve("cluster.yaml"), "format: 1\n}");
        assertMistake(Cli.run("get", folder.toString(), "a"), "is not valid YAML");
        Files.writeString(folder.resolve("cluster.yaml"), "format: 2\n");
        assertMistake(Cli.run("status", folder.toString()), "format has to be 1");
        Files.delete(folder.resolve("cluster.yaml"));
        assertMistake(Cli.run("replica", folder.toString(), "0"), "there is no cluster configuration");
    }

    @Test
    void aConfigurationWithoutRoomForTheStoreIsAMistake() throws IOException {
        String yaml = Files.readString(folder.resolve("cluster.yaml"));
        Files.writeString(
                folder.resolve("cluster.yaml"), yaml.replace("\nlimits:\n", "\nlimits:\n  maxResultBytes: 1000\n"));
        assertMistake(Cli.run("get", folder.toString(), "a"), "needs maxResultBytes to be at least 524288 bytes");
    }

    @Test
    void aKeyThatCannotBeUsedIsAMistake() throws IOException {
        Path key = folder.resolve("client-0.key");
        Files.copy(folder.resolve("client-1.key"), key, StandardCopyOption.REPLACE_EXISTING);
        assertMistake(Cli.run("get", folder.toString(), "a"), "client-0.key does not belong to the key");
        Files.writeString(key, "no key");
        assertMistake(Cli.run("get", folder.toString(), "a"), "client-0.key: no PEM block 'PRIVATE KEY'");
        Files.delete(key);
        assertMistake(Cli.run("get", folder.toString(), "a"), "there is no key file");
    }

    @Test
    void aBusyPortIsAMistake() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path other = temporary.resolve("other");
            ClusterFolder.create(other, dev.quorate.core.Protocol.PBFT, List.of(busy.getLocalPort()), 1);
            Cli.Ended ended = Cli.runProcess("replica", other.toString(), "0");
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.out())
                    .contains("kv: replica 0 cannot listen at 127.0.0.1:" + busy.getLocalPort())
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void verboseShowsWhere() {
        Cli.Ended ended = Cli.run("get", temporary.resolve("none").toString(), "a", "--verbose");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("\tat dev.quorate.sample.kv.cli.");
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command :
                List.of("demo", "init", "replica", "status", "put", "get", "delete", "cas", "scan", "size", "bench")) {
            Cli.Ended ended = Cli.run(command, "--help");
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.out()).startsWith("Usage: kv " + command).contains("Exit codes:");
        }
        assertThat(Cli.run("--help").out()).contains("To see it work:");
        assertThat(Cli.run("--version").out()).startsWith("kv ");
    }

    private static void assertMistake(Cli.Ended ended, String explanation) {
        assertThat(ended.err()).startsWith("kv: ").contains(explanation).doesNotContain("\tat ");
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.exitCode()).isEqualTo(2);
    }
}
