package dev.quorate.sample.kv.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.ReplicaId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A replica starts with nothing, in a cluster that holds a large state, while clients go on writing. {@code
 * -Dkv.test.state.mib=200} for figures.
 */
@Timeout(3600)
class LargeStateTest {
    private static final String PROPERTY = "kv.test.state.mib";
    private static final int MIB = Experiment.size(PROPERTY, 200);
    private static final int CLIENTS = 16;
    private static final int VALUE_BYTES = 16 << 10;
    private static final int WRITES = Experiment.size("kv.test.state.writes", 500);

    @Test
    void aReplicaGetsTheStateWhileClientsWrite() throws Exception {
        assumeTrue(System.getProperty(PROPERTY) != null, "takes minutes: -D" + PROPERTY + "=N has it run");
        ReplicaId victim = new ReplicaId(3);
        // Not those that start quickly: without the optimising compiler, encrypting many bytes takes very long.
        try (LocalCluster cluster = Experiment.start(ReplicaProcess.FULL_SPEED, CLIENTS)) {
            int values = MIB * (1 << 20) / VALUE_BYTES;
            try (Load load = Load.connect(cluster, CLIENTS, 2)) {
                long start = System.nanoTime();
                load.put(values, VALUE_BYTES, values);
                Experiment.say("%d MiB written in %.0f s", MIB, (System.nanoTime() - start) / 1e9);
            }
            try (Writers writers = Writers.start(cluster, CLIENTS)) {
                rate(writers, "before");
                cluster.replica(victim).kill();
                cluster.replica(victim).awaitEnd();
                rate(writers, "without replica 3");
                long start = System.nanoTime();
                int before = writers.acknowledged();
                cluster.start(victim);
                Experiment.awaitCaughtUp(cluster, writers.client(0).bft(), victim);
                double seconds = (System.nanoTime() - start) / 1e9;
                Experiment.say(
                        "replica 3 has caught up %.1f s after its start; meanwhile %.0f writes/s; it uses %d MiB",
                        seconds,
                        (writers.acknowledged() - before) / seconds,
                        Experiment.residentKib(cluster.replica(victim).pid()) >> 10);
                rate(writers, "afterwards");
                writers.stopAndCheck();
            }
        }
    }

    private static void rate(Writers writers, String when) throws InterruptedException {
        long start = System.nanoTime();
        writers.awaitMore(WRITES);
        Experiment.say("%s: %.0f writes/s", when, WRITES / ((System.nanoTime() - start) / 1e9));
    }
}
