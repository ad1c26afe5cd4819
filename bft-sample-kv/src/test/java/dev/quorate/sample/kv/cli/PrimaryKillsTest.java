package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.sample.kv.cli.Writers.Write;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients write while the primary is killed, again and again; each replica that was killed is started anew and has caught
 * up before the next one is. {@code -Dkv.test.kills=10} for figures.
 */
@Timeout(1800)
class PrimaryKillsTest {
    private static final String PROPERTY = "kv.test.kills";
    private static final int KILLS = Experiment.size(PROPERTY, 2);
    private static final int CLIENTS = 16;
    /** What is written between two kills at least: code that is run for the first time is slow. */
    private static final int WRITES_BETWEEN = Experiment.size("kv.test.kills.writes", 500);

    @Test
    void nothingIsLostOrExecutedTwiceHoweverOftenThePrimaryIsKilled() throws Exception {
        try (LocalCluster cluster = Experiment.start(PROPERTY, CLIENTS);
                Writers writers = Writers.start(cluster, CLIENTS)) {
            List<Long> gaps = new ArrayList<>();
            for (int kill = 1; kill <= KILLS; kill++) {
                writers.awaitMore(WRITES_BETWEEN);
                ReplicaId primary =
                        Experiment.awaitPrimary(cluster, writers.client(0).bft());
                int before = writers.acknowledged();
                long killed = System.nanoTime();
                cluster.replica(primary).kill();
                writers.awaitMore(WRITES_BETWEEN);
                ReplicaId next =
                        Experiment.awaitPrimary(cluster, writers.client(0).bft(), primary);
                long gap = gap(writers.writes(), before, killed, kill, primary, next);
                gaps.add(gap);
                cluster.replica(primary).awaitEnd();
                long start = System.nanoTime();
                cluster.start(primary);
                Experiment.awaitCaughtUp(cluster, writers.client(0).bft(), primary);
                Experiment.say(
                        "  %s caught up %.1f s after its start",
                        primary, Experiment.millis(System.nanoTime() - start) / 1000);
            }
            writers.stopAndCheck();
            assertThat(gaps).hasSize(KILLS);
            gaps.sort(null);
            Experiment.say(
                    "%d kills, %d clients, %d writes: gaps of %.0f to %.0f ms, median %.0f ms",
                    KILLS,
                    CLIENTS,
                    writers.acknowledged(),
                    Experiment.millis(gaps.get(0)),
                    Experiment.millis(gaps.get(KILLS - 1)),
                    Experiment.median(gaps) / 1e6);
        }
    }

    /** The longest time after the kill in which no client got an answer. */
    private static long gap(List<Write> writes, int from, long killed, int kill, ReplicaId primary, ReplicaId next) {
        long longest = 0;
        long slowest = 0;
        long last = killed;
        for (Write write : writes.subList(from, writes.size())) {
            longest = Math.max(longest, write.endNanos() - last);
            slowest = Math.max(slowest, write.endNanos() - write.beginNanos());
            last = Math.max(last, write.endNanos());
        }
        Experiment.say(
                "kill %d: %s, then %s leads; no answer for %.0f ms, slowest write %.0f ms",
                kill, primary, next, Experiment.millis(longest), Experiment.millis(slowest));
        return longest;
    }
}
