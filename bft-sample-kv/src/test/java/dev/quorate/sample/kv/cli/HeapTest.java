package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.ReplicaId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    /** What fills up at the beginning: the window, caches, pools. */
    private static final long SLACK_BYTES = 32 << 20;

    @Test
    void theHeapDoesNotGrowWithTheRequests() throws Exception {
        assumeTrue(Files.isExecutable(JCMD), "needs jcmd, which comes with a JDK");
        try (LocalCluster cluster = Experiment.start(PROPERTY, CLIENTS);
                Load load = Load.connect(cluster, CLIENTS, 16)) {
            cluster.replica(new ReplicaId(3)).kill();
            List<Long> largest = new ArrayList<>();
            for (int step = 1; step <= STEPS; step++) {
                long start = System.nanoTime();
                load.noops(REQUESTS / STEPS);
                double seconds = (System.nanoTime() - start) / 1e9;
                List<Long> live = new ArrayList<>();
                for (int id = 0; id < 3; id++) {
                    live.add(liveBytes(cluster.replica(new ReplicaId(id)).pid()));
                }
                Experiment.say(
                        "after %d requests (%.0f/s): live bytes at replicas 0 to 2 %s",
                        load.completed(), (double) REQUESTS / STEPS / seconds, live);
                largest.add(live.stream().max(Long::compare).orElseThrow());
            }
            assertThat(largest.get(STEPS - 1)).isLessThan(largest.get(1) + SLACK_BYTES);
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
