package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real processes, real sockets: clients write while a backup is killed and started anew. */
class KilledBackupTest {
    private static final int CLIENTS = 16;
    /** More with {@code -Dkv.test.writes=10000}. */
    private static final int WRITES_OF_EACH = Integer.getInteger("kv.test.writes", 2_000) / CLIENTS;

    private static final int KEYS_OF_EACH = 50;
    /** For a machine that is busy with other things; the test itself waits for no time. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource
    void nothingAcknowledgedIsLostWhenABackupIsKilledAndStartedAnew(Protocol protocol) throws Exception {
        int replicas = ProtocolName.smallestCluster(protocol);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<KvClient> clients = new ArrayList<>();
        try (LocalCluster cluster =
                LocalCluster.create("kv-test-", protocol, replicas, CLIENTS, ReplicaProcess.QUICK_START)) {
            cluster.start();
            ClusterConfig config = ClientOptions.withTimeout(cluster.config(), PATIENCE);
            for (int id = 0; id < CLIENTS; id++) {
                clients.add(KvClient.connect(config, cluster.folder().clientIdentity(config, id)));
            }
            cluster.awaitReady(clients.get(0).bft());

            CountDownLatch quarter = new CountDownLatch(CLIENTS * WRITES_OF_EACH / 4);
            CountDownLatch half = new CountDownLatch(CLIENTS * WRITES_OF_EACH / 2);
            List<Future<Map<Bytes, Bytes>>> writers = new ArrayList<>();
            for (int id = 0; id < CLIENTS; id++) {
                KvClient client = clients.get(id);
                String name = "client-" + id;
                writers.add(threads.submit(() -> write(client, name, quarter, half)));
            }
            ReplicaId backup = new ReplicaId(replicas - 1);
            assertThat(quarter.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            cluster.replica(backup).kill();
            cluster.replica(backup).awaitEnd();
            assertStatusWithoutTheBackup(cluster);
            assertThat(half.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            cluster.start(backup);

            Map<Bytes, Bytes> acknowledged = new TreeMap<>();
            for (Future<Map<Bytes, Bytes>> writer : writers) {
                acknowledged.putAll(writer.get());
            }
            cluster.awaitReady(clients.get(0).bft());
            assertAllReadable(clients, acknowledged);
        } finally {
            clients.forEach(KvClient::close);
            threads.shutdownNow();
        }
    }

    /** Writes; returns what the cluster has acknowledged last for each key. */
    private static Map<Bytes, Bytes> write(KvClient client, String name, CountDownLatch quarter, CountDownLatch half)
            throws InterruptedException {
        Map<Bytes, Bytes> acknowledged = new TreeMap<>();
        for (int i = 0; i < WRITES_OF_EACH; i++) {
            Bytes key = text(name + "/" + i % KEYS_OF_EACH);
            Bytes value = text("value " + i);
            KvClient.await(client.put(key, value), PATIENCE);
            acknowledged.put(key, value);
            quarter.countDown();
            half.countDown();
        }
        return acknowledged;
    }

    private static void assertStatusWithoutTheBackup(LocalCluster cluster) {
        Cli.Ended status = Cli.run("status", cluster.folder().path().toString());
        int left = cluster.config().n() - 1;
        assertThat(status.out())
                .contains("%d of %d replicas answered; %d are needed to go on".formatted(left, left + 1, left));
        assertThat(status.out().lines().filter(line -> line.startsWith(left + " ") && line.endsWith("no answer")))
                .hasSize(1);
        assertThat(status.exitCode()).isZero();
    }

    /** Each key is read by another client than the one that wrote it. */
    private static void assertAllReadable(List<KvClient> clients, Map<Bytes, Bytes> acknowledged) throws Exception {
        int reader = 0;
        for (Map.Entry<Bytes, Bytes> entry : acknowledged.entrySet()) {
            KvClient client = clients.get(reader++ % clients.size());
            assertThat(KvClient.await(client.get(entry.getKey()), PATIENCE)).isEqualTo(Optional.of(entry.getValue()));
        }
        assertThat(acknowledged).hasSize(CLIENTS * Math.min(KEYS_OF_EACH, WRITES_OF_EACH));
        assertThat(KvClient.await(clients.get(0).size(), PATIENCE)).isEqualTo(acknowledged.size());
    }

    private static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
