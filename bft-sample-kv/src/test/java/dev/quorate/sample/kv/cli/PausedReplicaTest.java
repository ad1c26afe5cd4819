package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.ReplicaId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A backup is stopped (SIGSTOP), so that its connections stand and nothing is read from them, while clients write; then
 * it goes on. {@code -Dkv.test.paused.puts=100000} for figures.
 */
@Timeout(1800)
class PausedReplicaTest {
    private static final String PROPERTY = "kv.test.paused.puts";
    private static final int PUTS = Experiment.size(PROPERTY, 2000);
    private static final int CLIENTS = 16;
    private static final int VALUE_BYTES = 1024;
    private static final int KEYS = 5000;
    /** Generous: what is bounded are queues of some 25 MiB for each connection, and two states. */
    private static final long MOST_GROWTH_KIB = 512 << 10;

    private static final List<ReplicaId> OTHERS = List.of(new ReplicaId(0), new ReplicaId(1), new ReplicaId(2));

    @Test
    @DisplayName("C8 a replica is paused while clients write, and goes on")
    void c8TheOthersGoOnAndItCatchesUp() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "needs /bin/kill to stop a process");
        ReplicaId paused = new ReplicaId(3);
        try (LocalCluster cluster = Experiment.start(PROPERTY, CLIENTS);
                Load load = Load.connect(cluster, CLIENTS, 16)) {
            load.put(PUTS / 2, VALUE_BYTES, KEYS);
            long before = largest(cluster);
            signal(cluster, paused, "-STOP");
            long start = System.nanoTime();
            load.put(PUTS, VALUE_BYTES, KEYS);
            double seconds = (System.nanoTime() - start) / 1e9;
            long after = largest(cluster);
            Experiment.say(
                    "%d puts of %d bytes without replica 3: %.0f/s, no answer for %.0f ms at most",
                    PUTS, VALUE_BYTES, PUTS / seconds, Experiment.millis(load.longestGapNanos()));
            Experiment.say("largest of the others: %d MiB before, %d MiB after", before >> 10, after >> 10);
            assertThat(after - before).isLessThan(MOST_GROWTH_KIB);

            signal(cluster, paused, "-CONT");
            long resumed = System.nanoTime();
            Experiment.awaitCaughtUp(cluster, load.client(0).bft(), paused);
            Experiment.say(
                    "replica 3 has caught up %.1f s after it went on, and uses %d MiB",
                    (System.nanoTime() - resumed) / 1e9,
                    Experiment.residentKib(cluster.replica(paused).pid()) >> 10);

            // With another one gone nothing is agreed on without it.
            cluster.replica(new ReplicaId(2)).kill();
            load.put(PUTS / 10, VALUE_BYTES, KEYS);
        }
    }

    private static long largest(LocalCluster cluster) throws IOException {
        long largest = 0;
        for (ReplicaId id : OTHERS) {
            largest =
                    Math.max(largest, Experiment.residentKib(cluster.replica(id).pid()));
        }
        return largest;
    }

    private static void signal(LocalCluster cluster, ReplicaId replica, String signal)
            throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(
                        "/bin/kill",
                        signal,
                        String.valueOf(cluster.replica(replica).pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
