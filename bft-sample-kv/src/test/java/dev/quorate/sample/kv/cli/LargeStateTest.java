package dev.quorate.sample.kv.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.ReplicaId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A replica starts with nothing, in a cluster that holds a large state, while clients go on writing. {@code
 * -Dkv.test.state.mib=1024} for figures; {@code -Dkv.test.state.heap=3g} is the heap that each replica may have.
 */
@Timeout(3600)
class LargeStateTest {
    private static final String PROPERTY = "kv.test.state.mib";
    private static final int MIB = Experiment.size(PROPERTY, 200);
    private static final String HEAP = System.getProperty("kv.test.state.heap", "3g");
    private static final int CLIENTS = 16;
    private static final int OUTSTANDING = 4;
    private static final int VALUE_BYTES = 16 << 10;
    private static final int WRITES = Experiment.size("kv.test.state.writes", 5_000);
    /** A tenth more than the values: for the keys, and for what the store adds to each entry. */
    private static final int STORE_MIB = MIB + MIB / 10 + 1;

    @Test
    void aReplicaGetsTheStateWhileClientsWrite() throws Exception {
        assumeTrue(System.getProperty(PROPERTY) != null, "takes minutes: -D" + PROPERTY + "=N has it run");
        ReplicaId victim = new ReplicaId(3);
        // Not those that start quickly: without the optimising compiler, encrypting many bytes takes very long.
        List<String> options = new ArrayList<>(ReplicaProcess.FULL_SPEED);
        options.add("-Xmx" + HEAP);
        try (LocalCluster cluster = Experiment.start(options, CLIENTS, OptionalInt.of(STORE_MIB))) {
            try (Writers writers = Writers.start(cluster, CLIENTS)) {
                rate(writers, "into an empty store");
                writers.stopAndCheck();
            }
            load(cluster);
            try (Writers writers = Writers.start(cluster, CLIENTS, "later")) {
                rate(writers, "before");
                peaks(cluster);
                cluster.replica(victim).kill();
                cluster.replica(victim).awaitEnd();
                LocalCluster.delete(cluster.folder().storeDirectory(victim.value()));
                rate(writers, "without replica 3");
                long start = System.nanoTime();
                int before = writers.acknowledged();
                cluster.start(victim);
                Experiment.awaitCaughtUp(cluster, writers.client(0).bft(), victim);
                double seconds = seconds(start);
                Experiment.say(
                        "replica 3 has caught up %.1f s after its start; meanwhile %.0f writes/s",
                        seconds, (writers.acknowledged() - before) / seconds);
                rate(writers, "afterwards");
                peaks(cluster);
                writers.stopAndCheck();
            }
        }
    }

    private static void load(LocalCluster cluster) throws Exception {
        int values = (int) (MIB * (1L << 20) / VALUE_BYTES);
        try (Load load = Load.connect(cluster, CLIENTS, OUTSTANDING)) {
            long start = System.nanoTime();
            load.put(values, VALUE_BYTES, values);
            double seconds = seconds(start);
            Experiment.say(
                    "%d MiB loaded in %.0f s, %.1f MiB/s; the longest time without an answer was %.0f ms",
                    MIB, seconds, MIB / seconds, Experiment.millis(load.longestGapNanos()));
        }
    }

    private static void rate(Writers writers, String when) throws InterruptedException {
        long start = System.nanoTime();
        writers.awaitMore(WRITES);
        Experiment.say("%s: %.0f writes/s", when, WRITES / seconds(start));
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private static void peaks(LocalCluster cluster) throws IOException {
        for (ReplicaInfo replica : cluster.config().replicas()) {
            long pid = cluster.replica(replica.id()).pid();
            Experiment.say(
                    "%s uses %d MiB, and has used %d",
                    replica.id(), Experiment.residentKib(pid) >> 10, Experiment.peakResidentKib(pid) >> 10);
        }
    }
}
