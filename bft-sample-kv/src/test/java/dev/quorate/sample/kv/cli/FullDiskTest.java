package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Replicas whose files may not grow any more, while clients write. What the operating system refuses is the same as with a
 * full disk, at whatever instant; but the disk is not the tests' to fill.
 */
@Timeout(300)
class FullDiskTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final int CLIENTS = 4;
    private static final int WRITES = 100;
    /** Less than a segment of the log, so that writing into it fails, and more than what a replica prints. */
    private static final int LONGEST_FILE = 64 << 10;

    @ParameterizedTest
    @EnumSource
    @DisplayName("D4 a replica that cannot write stops and says why, and goes on once it can, even if all stopped")
    void d4ReplicasThatCannotWriteStopAndGoOnOnceTheyCan(Protocol protocol) throws Exception {
        assumeTrue(Files.isExecutable(PRLIMIT), "needs prlimit, which Linux has, to limit what a process may write");
        int replicas = ProtocolName.smallestCluster(protocol);
        LocalCluster.Plan plan = LocalCluster.Plan.of(protocol, replicas, CLIENTS, ReplicaProcess.QUICK_START);
        try (LocalCluster cluster = Experiment.start(plan);
                Writers writers = Writers.start(cluster, CLIENTS)) {
            writers.awaitMore(WRITES);
            ReplicaId backup = new ReplicaId(replicas - 1);
            fill(cluster, backup);
            assertStopsAndSaysWhy(cluster, backup);
            writers.awaitMore(WRITES);
            cluster.start(backup);
            Experiment.awaitCaughtUp(cluster, writers.client(0).bft(), backup);

            List<ReplicaId> all =
                    cluster.config().replicas().stream().map(ReplicaInfo::id).toList();
            for (ReplicaId replica : all) {
                fill(cluster, replica);
            }
            // Once more than f have stopped, the others have nothing to write any more.
            int stopped = 0;
            while (stopped <= cluster.config().f()) {
                stopped = (int) all.stream()
                        .filter(replica -> !cluster.replica(replica).isAlive())
                        .count();
                Thread.sleep(20);
            }
            for (ReplicaId replica : all) {
                if (!cluster.replica(replica).isAlive()) {
                    assertStopsAndSaysWhy(cluster, replica);
                }
                cluster.replica(replica).kill();
                cluster.replica(replica).awaitEnd();
                cluster.start(replica);
            }
            writers.awaitMore(WRITES);
            writers.stopAndCheck();
        }
    }

    private static void fill(LocalCluster cluster, ReplicaId replica) throws IOException, InterruptedException {
        String pid = String.valueOf(cluster.replica(replica).pid());
        Process limit = new ProcessBuilder(PRLIMIT.toString(), "--pid", pid, "--fsize=" + LONGEST_FILE).start();
        assertThat(limit.waitFor()).as("exit code of prlimit").isZero();
    }

    private static void assertStopsAndSaysWhy(LocalCluster cluster, ReplicaId replica)
            throws IOException, InterruptedException {
        while (cluster.replica(replica).isAlive()) {
            Thread.sleep(20);
        }
        assertThatThrownBy(() -> cluster.replica(replica).requireAlive()).hasMessageContaining("has stopped by itself");
        Path log = cluster.folder().path().resolve("replica-" + replica.value() + ".log");
        assertThat(Files.readString(log))
                .contains("File too large", "see that the disk works and has room, and start the replica again")
                .doesNotContain("\tat ");
    }
}
