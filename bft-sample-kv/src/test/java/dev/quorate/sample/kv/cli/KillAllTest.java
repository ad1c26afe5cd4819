package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.sample.kv.cli.Writers.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients write while replicas are killed (SIGKILL) at random instants, more of them than a running cluster tolerates, and
 * started anew with what is in their stores. {@code -Dkv.test.killall=50} for figures.
 */
@Timeout(3600)
class KillAllTest {
    private static final String PROPERTY = "kv.test.killall";
    private static final int ROUNDS = Experiment.size(PROPERTY, 1);
    private static final int CLIENTS = 8;
    /** What is acknowledged between two kills at least. */
    private static final int WRITES_BETWEEN = Experiment.size("kv.test.killall.writes", 100);

    private static final int MAX_PAUSE_MILLIS = 300;

    private final Random random = new Random();
    private final List<Long> outages = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void c2AllAreKilledAtOnceAndNothingAcknowledgedIsLostOrExecutedTwice(Protocol protocol) throws Exception {
        run(protocol, "all killed", (cluster, writers) -> {
            List<ReplicaId> all = ids(cluster);
            kill(cluster, all);
            startAndAwaitService(cluster, writers, all);
        });
    }

    @ParameterizedTest
    @EnumSource
    void c6AllAreKilledAtOnceAndOneLosesItsDisk(Protocol protocol) throws Exception {
        run(protocol, "all killed, one disk lost", (cluster, writers) -> {
            List<ReplicaId> all = ids(cluster);
            ReplicaId victim = all.get(random.nextInt(all.size()));
            kill(cluster, all);
            LocalCluster.delete(cluster.folder().storeDirectory(victim.value()));
            startAndAwaitService(cluster, writers, all);
            Experiment.awaitCaughtUp(cluster, writers.client(0).bft(), victim);
        });
    }

    /** The second one is killed while the others leave the view of the first, or have just left it. */
    @ParameterizedTest
    @EnumSource
    void c5ReplicasAreKilledInTheMiddleOfAViewChange(Protocol protocol) throws Exception {
        run(protocol, "two killed, the second one during a view change", (cluster, writers) -> {
            List<ReplicaId> left = new ArrayList<>(ids(cluster));
            ReplicaId primary =
                    Experiment.awaitPrimary(cluster, writers.client(0).bft());
            left.remove(primary);
            ReplicaId second = left.get(random.nextInt(left.size()));
            cluster.replica(primary).kill();
            Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
            cluster.replica(second).kill();
            kill(cluster, List.of(primary, second));
            startAndAwaitService(cluster, writers, List.of(primary, second));
        });
    }

    @ParameterizedTest
    @EnumSource
    void c1EachReplicaInTurnIsKilledAndComesBackUnderLoad(Protocol protocol) throws Exception {
        run(protocol, "each killed in turn", (cluster, writers) -> {
            for (ReplicaId next : ids(cluster)) {
                writers.awaitMore(WRITES_BETWEEN);
                kill(cluster, List.of(next));
                writers.awaitMore(WRITES_BETWEEN);
                startAndAwaitService(cluster, writers, List.of(next));
                Experiment.awaitCaughtUp(cluster, writers.client(0).bft(), next);
            }
        });
    }

    private interface Round {
        void run(LocalCluster cluster, Writers writers) throws Exception;
    }

    private void run(Protocol protocol, String what, Round round) throws Exception {
        int replicas = ProtocolName.smallestCluster(protocol);
        // None of them lives long enough for the optimising compiler.
        LocalCluster.Plan plan = LocalCluster.Plan.of(protocol, replicas, CLIENTS, ReplicaProcess.QUICK_START);
        try (LocalCluster cluster = Experiment.start(plan);
                Writers writers = Writers.start(cluster, CLIENTS)) {
            for (int i = 0; i < ROUNDS; i++) {
                writers.awaitMore(WRITES_BETWEEN);
                Thread.sleep(random.nextInt(MAX_PAUSE_MILLIS));
                round.run(cluster, writers);
            }
            writers.awaitMore(WRITES_BETWEEN);
            writers.stopAndCheck();
            outages.sort(null);
            Experiment.say(
                    "%s, %s: %d rounds, %d clients, %d writes acknowledged, none lost, none executed twice;"
                            + " an answer again after %.1f s, at most %.1f s",
                    protocol.configName(),
                    what,
                    ROUNDS,
                    CLIENTS,
                    writers.acknowledged(),
                    Experiment.median(outages) / 1e9,
                    Experiment.millis(outages.get(outages.size() - 1)) / 1000);
        }
    }

    private static List<ReplicaId> ids(LocalCluster cluster) {
        return cluster.config().replicas().stream().map(ReplicaInfo::id).toList();
    }

    private static void kill(LocalCluster cluster, List<ReplicaId> victims) throws InterruptedException {
        for (ReplicaId victim : victims) {
            cluster.replica(victim).kill();
        }
        for (ReplicaId victim : victims) {
            cluster.replica(victim).awaitEnd();
        }
    }

    /** Starts replicas, and notes how long it takes from then until some write is acknowledged. */
    private void startAndAwaitService(LocalCluster cluster, Writers writers, List<ReplicaId> victims)
            throws IOException, InterruptedException {
        int before = writers.acknowledged();
        long start = System.nanoTime();
        for (ReplicaId victim : victims) {
            cluster.start(victim);
        }
        writers.awaitMore(1);
        for (ReplicaId id : ids(cluster)) {
            cluster.replica(id).requireAlive();
        }
        List<Write> since = writers.writes();
        long first = since.get(before).endNanos() - start;
        assertThat(first).as("time until the first answer").isPositive();
        outages.add(first);
    }
}
