package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Protocol;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kv verify says about stores, and what becomes of a replica whose store was lost. */
class VerifyTest {
    private static final byte[] NONSENSE = {1, 2, 3, 4, 5, 6, 7, 8};

    @TempDir
    private Path temporary;

    @Test
    void itTellsSoundFromDamagedAndLostOnes() throws Exception {
        try (LocalCluster cluster = LocalCluster.create("kv-test-", Protocol.PBFT, 4, 1, ReplicaProcess.QUICK_START)) {
            ClusterFolder folder = cluster.folder();
            assertSays(verify(folder, 0), 0, "replica 0 was never started");
            cluster.start();
            try (KvClient kv = KvClient.connect(cluster.config(), folder.clientIdentity(cluster.config(), 0))) {
                cluster.awaitReady(kv.bft());
                KvClient.await(kv.put(Bytes.wrap(NONSENSE), Bytes.EMPTY), Writers.PATIENCE);
            }
            Cli.Ended running = verify(folder, 0);
            assertThat(running.exitCode()).isEqualTo(CliException.MISTAKE);
            assertThat(running.err()).startsWith("kv: ").contains("store-0", "still running, stop it first");

            for (ReplicaInfo each : cluster.config().replicas()) {
                cluster.replica(each.id()).kill();
                cluster.replica(each.id()).awaitEnd();
            }
            assertSays(verify(folder, 0), 0, "All records that were ever reported durable are there.");

            damage(segment(folder.storeDirectory(1)), 4096);
            assertSays(verify(folder, 1), VerifyCommand.FORGOTTEN, "AMNESIA log-", "The replica is amnesic");
            damage(folder.storeDirectory(2).resolve("mark"), 4096);
            assertSays(verify(folder, 2), VerifyCommand.DAMAGED, "REPAIRABLE mark", "mended");
            LocalCluster.delete(folder.storeDirectory(3));
            assertSays(verify(folder, 3), VerifyCommand.FORGOTTEN, "replica 3 has run before: its store was lost");
            Files.move(folder.storeDirectory(0), folder.storeDirectory(3));
            Cli.Ended moved = verify(folder, 3);
            assertThat(moved.exitCode()).isEqualTo(CliException.MISTAKE);
            assertThat(moved.err()).contains("is the store of replica 0");
        }
    }

    @Test
    void aLostStoreIsNotTakenForANewReplica() throws Exception {
        ClusterFolder folder = ClusterFolder.create(temporary.resolve("cluster"), Protocol.PBFT, FreePorts.find(4), 1);
        String forgotten = "does not remember what it said before";
        assertThat(Cli.startAndStop(folder.path())).doesNotContain(forgotten);
        assertThat(Cli.startAndStop(folder.path()))
                .contains("goes on from its store")
                .doesNotContain(forgotten);
        LocalCluster.delete(folder.storeDirectory(0));
        assertThat(Cli.startAndStop(folder.path())).contains(forgotten, "its store is empty");
        assertThat(Cli.startAndStop(folder.path())).contains(forgotten, "had been lost");
        LocalCluster.delete(folder.storeDirectory(0));
        assertThat(Cli.startAndStop(folder.path(), "--bootstrap")).doesNotContain(forgotten);
    }

    @Test
    void theStoreOfAnotherClusterIsRefusedInOneLine() throws Exception {
        ClusterFolder folder = ClusterFolder.create(temporary.resolve("cluster"), Protocol.PBFT, FreePorts.find(4), 1);
        ClusterFolder other = ClusterFolder.create(temporary.resolve("other"), Protocol.PBFT, FreePorts.find(4), 1);
        Cli.startAndStop(other.path());
        Files.move(other.storeDirectory(0), folder.storeDirectory(0));
        Cli.Ended ended = Cli.runProcess("replica", folder.path().toString(), "0");
        assertThat(ended.exitCode()).isEqualTo(CliException.MISTAKE);
        assertThat(ended.out())
                .startsWith("kv: ")
                .contains("give each replica a directory of its own")
                .doesNotContain("\tat ");
    }

    private static Cli.Ended verify(ClusterFolder folder, int id) {
        return Cli.run("verify", folder.path().toString(), String.valueOf(id));
    }

    private static void assertSays(Cli.Ended ended, int exitCode, String... what) {
        assertThat(ended.out()).contains(what);
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isEqualTo(exitCode);
    }

    /** The newest one. */
    private static Path segment(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.getFileName().toString().startsWith("log-"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void damage(Path file, long at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            bytes.write(NONSENSE);
        }
    }
}
