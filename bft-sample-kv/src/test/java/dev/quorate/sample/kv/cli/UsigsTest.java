package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters with trusted counters of several kinds, and what is wrong with one that does not fit. */
class UsigsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "hmac"})
    void initMakesAUsigForEachReplica(String provider) throws Exception {
        Path folder = temporary.resolve("cluster");
        Cli.Ended init = Cli.run("init", folder.toString(), "--protocol", "minbft", "--usig", provider);
        assertThat(init.err()).isEmpty();
        assertThat(init.out())
                .contains("Made a cluster of 3 minbft replicas")
                .contains("It tolerates 1 faulty.")
                .contains("trusted counter (" + provider + ")");
        ClusterConfig config = ClusterConfig.load(folder.resolve("cluster.yaml"));
        assertThat(config.usig().orElseThrow().provider()).isEqualTo(provider);
        assertThat(Files.readString(folder.resolve("cluster.yaml"))).contains("usig: \"" + provider + "\"");
        for (int id = 0; id < 3; id++) {
            assertThat(folder.resolve("usig-" + id)).isNotEmptyDirectory();
        }
    }

    @Test
    void twoReplicasOfMinBftTolerateNothing() {
        Cli.Ended init =
                Cli.run("init", temporary.resolve("two").toString(), "--protocol", "minbft", "--replicas", "2");
        assertThat(init.err()).contains("2 minbft replicas tolerate no fault at all; 3 tolerate one");
    }

    @Test
    void aReplicaWithTheUsigOfAnotherEndsWithOneLine() throws Exception {
        Path folder = minbft("swapped", Map.of());
        copy(folder.resolve("usig-1"), folder.resolve("usig-0"));
        assertRefused(folder, "is not the one that the configuration has for replica 0");
    }

    @Test
    void aReplicaWithoutItsUsigEndsWithOneLine() throws Exception {
        Path folder = minbft("gone", Map.of());
        LocalCluster.delete(folder.resolve("usig-0"));
        assertRefused(folder, "usig-0");
    }

    @Test
    void aCounterInALogThatIsNotSyncedIsRefused() throws Exception {
        Path folder = minbft("log", Map.of("counter", "log"));
        assertRefused(folder, "its durability is async", "--durability", "async");
        assertRefused(folder, "counter: \"synced\"", "--durability", "memory");
    }

    @Test
    void aReplicaWithAVolatileCounterStartsAgainToRejoin() throws Exception {
        Path folder = minbft("volatile", Map.of("counter", "volatile"));
        String forgotten = "does not remember what it said before (the counter of its USIG was lost)";
        assertThat(Cli.startAndStop(folder)).doesNotContain(forgotten);
        assertThat(Cli.startAndStop(folder)).contains(forgotten).doesNotContain("goes on from its store");
    }

    /** The USIG comes from a jar of its own; one line of the configuration selects it. */
    @Test
    void aClusterRunsWithUsigsInProcessesOfTheirOwn() throws Exception {
        List<Process> usigs = new ArrayList<>();
        UsigChoice isolated = new UsigChoice("isolated", Map.of());
        LocalCluster.Plan plan = LocalCluster.Plan.of(Protocol.MINBFT, 3, 1, ReplicaProcess.QUICK_START);
        try (LocalCluster cluster = LocalCluster.create("kv-test-", plan.with(Optional.of(isolated)))) {
            ClusterFolder folder = cluster.folder();
            assertThat(Files.readString(folder.configFile())).contains("\nusig: \"isolated\"\n");
            for (int id = 0; id < 3; id++) {
                usigs.add(serve(folder.usigDirectory(id)));
            }
            cluster.start();
            ClusterConfig config = ClientOptions.withTimeout(cluster.config(), PATIENCE);
            try (KvClient kv = KvClient.connect(config, folder.clientIdentity(config, 0))) {
                cluster.awaitReady(kv.bft());
                write(kv, 0, 100);
                ReplicaId backup = new ReplicaId(2);
                cluster.replica(backup).kill();
                cluster.replica(backup).awaitEnd();
                write(kv, 100, 200);
                cluster.start(backup);
                Experiment.awaitCaughtUp(cluster, kv.bft(), backup);
                cluster.replica(backup).kill();
                cluster.replica(backup).awaitEnd();
                LocalCluster.delete(folder.storeDirectory(backup.value()));
                cluster.start(backup);
                write(
                        kv, 200,
                        600); // It rejoins with a new USIG, which is not needed before some checkpoints have passed.
                Experiment.awaitCaughtUp(cluster, kv.bft(), backup);
                ReplicaId primary = new ReplicaId(0);
                cluster.replica(primary).kill();
                write(kv, 600, 700);
                assertThat(KvClient.await(kv.size(), PATIENCE)).isEqualTo(700);
            }
        } finally {
            usigs.forEach(Process::destroyForcibly);
        }
    }

    private static void write(KvClient kv, int from, int to) throws InterruptedException {
        for (int i = from; i < to; i++) {
            KvClient.await(kv.put(text("key " + i), text("value " + i)), PATIENCE);
        }
    }

    private static Process serve(Path directory) throws IOException, URISyntaxException {
        Class<?> main = dev.quorate.usig.isolated.Main.class;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        "serve",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory
                        .resolveSibling(directory.getFileName() + ".log")
                        .toFile())
                .start();
        Awaitility.await()
                .atMost(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .until(() -> Files.exists(directory.resolve("usig.sock")) || !process.isAlive());
        assertThat(process.isAlive()).isTrue();
        return process;
    }

    private Path minbft(String name, Map<String, String> settings) throws IOException {
        Path folder = temporary.resolve(name);
        ClusterFolder.create(
                folder,
                Protocol.MINBFT,
                FreePorts.find(3),
                1,
                Limits.defaults(),
                false,
                Optional.of(new UsigChoice(UsigChoice.DEFAULT, settings)));
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void assertRefused(Path folder, String reason, String... options) throws Exception {
        List<String> args = new ArrayList<>(List.of("replica", folder.toString(), "0"));
        args.addAll(List.of(options));
        Cli.Ended ended = Cli.runProcess(args.toArray(new String[0]));
        assertThat(ended.out()).startsWith("kv: ").contains(reason).doesNotContain("\tat ");
        assertThat(ended.exitCode()).isEqualTo(2);
    }

    private static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
