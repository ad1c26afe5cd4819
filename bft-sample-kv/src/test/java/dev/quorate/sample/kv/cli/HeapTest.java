package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a replica keeps does not grow with the number of requests, although one replica is down and can be told nothing.
 * {@code -Dkv.test.requests=1000000} for figures.
 */
@Timeout(7200)
class HeapTest {
    private static final String PROPERTY = "kv.test.requests";
    private static final int REQUESTS = Experiment.size(PROPERTY, 5000);
    private static final int CLIENTS = 16;
    private static final int STEPS = 10;
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    /** What fills up at the beginning: the window, caches, pools; a few segments; and what was executed last. */
    private static final long SLACK_BYTES = (32L << 20) + Limit.HISTORY_BYTES.defaultValue();

    @Test
    @DisplayName("G4 very many requests while a replica is down: flat heaps and stores, and it catches up")
    void g4HeapsAndStoresDoNotGrowWithTheRequests() throws Exception {
        assumeTrue(Files.isExecutable(JCMD), "needs jcmd, which comes with a JDK");
        try (LocalCluster cluster = Experiment.start(PROPERTY, CLIENTS);
                Load load = Load.connect(cluster, CLIENTS, 16)) {
            ReplicaId down = new ReplicaId(3);
            cluster.replica(down).kill();
            cluster.replica(down).awaitEnd();
            List<Long> largest = new ArrayList<>();
            List<Long> largestStore = new ArrayList<>();
            for (int step = 1; step <= STEPS; step++) {
                long start = System.nanoTime();
                load.noops(REQUESTS / STEPS);
                double seconds = (System.nanoTime() - start) / 1e9;
                List<Long> live = new ArrayList<>();
                List<Long> stored = new ArrayList<>();
                for (int id = 0; id < 3; id++) {
                    stored.add(bytesIn(cluster.folder().storeDirectory(id)));
                    live.add(liveBytes(cluster.replica(new ReplicaId(id)).pid()));
                }
                Experiment.say(
                        "after %d requests (%.0f/s): live bytes at replicas 0 to 2 %s, in their stores %s",
                        load.completed(), (double) REQUESTS / STEPS / seconds, live, stored);
                largest.add(live.stream().max(Long::compare).orElseThrow());
                largestStore.add(stored.stream().max(Long::compare).orElseThrow());
            }
            assertThat(largest.get(STEPS - 1)).isLessThan(largest.get(1) + SLACK_BYTES);
            assertThat(largestStore.get(STEPS - 1)).isLessThan(largestStore.get(1) + SLACK_BYTES);

            cluster.start(down);
            Experiment.awaitCaughtUp(cluster, load.client(0).bft(), down);
        }
    }

    private static long bytesIn(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                bytes += sizeOf(file);
            }
        }
        return bytes;
    }

    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // Discarded since it was listed.
        }
    }

    /** What is left of the heap after a full collection, which this causes. */
    private static long liveBytes(long pid) throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(JCMD.toString(), String.valueOf(pid), "GC.class_histogram").start();
        String out = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(histogram.waitFor()).as(out).isZero();
        String total =
                out.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
        return Long.parseLong(total.trim().split("\\s+", -1)[2]);
    }
}
