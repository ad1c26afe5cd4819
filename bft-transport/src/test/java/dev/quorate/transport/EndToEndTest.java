package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.message.NewView;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four replicas and clients over real sockets. */
@Timeout(60)
class EndToEndTest {
    private LocalCluster cluster;
    private final List<Replica> replicas = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        cluster = LocalCluster.of(4, 8);
        for (int id = 0; id < 4; id++) {
            replicas.add(cluster.start(id));
        }
    }

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
    }

    @Test
    void operationsAreExecutedInTheOrderOfTheCalls() {
        try (BftClient client = cluster.connect(0)) {
            List<CompletableFuture<byte[]>> results = new ArrayList<>();
            for (int i = 1; i <= 1000; i++) {
                results.add(client.invoke(Counter.add(i)));
            }
            long expected = 0;
            for (int i = 1; i <= 1000; i++) {
                expected += i;
                assertThat(Counter.sum(results.get(i - 1).join())).isEqualTo(expected);
            }
        }
    }

    @Test
    void clientsWorkSideBySideAndNothingIsExecutedTwice() {
        List<BftClient> clients = new ArrayList<>();
        List<CompletableFuture<byte[]>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(cluster.connect(i));
        }
        for (int round = 0; round < 50; round++) {
            for (BftClient client : clients) {
                results.add(client.invoke(Counter.add(1)));
            }
        }
        List<Long> sums =
                results.stream().map(r -> Counter.sum(r.join())).sorted().toList();
        assertThat(sums).hasSize(400).doesNotHaveDuplicates().endsWith(400L);
        clients.forEach(BftClient::close);
    }

    @Test
    void oneBackupLessDoesNotStopTheOthersAndItCatchesUpWhenItReturns() throws Exception {
        try (BftClient client = cluster.connect(0)) {
            assertThat(Counter.sum(client.invoke(Counter.add(1)).get(10, TimeUnit.SECONDS)))
                    .isEqualTo(1);
            replicas.get(3).close();
            assertThat(replicas.get(3).isRunning()).isFalse();
            for (int i = 0; i < 10; i++) {
                client.invoke(Counter.add(1)).get(10, TimeUnit.SECONDS);
            }
            replicas.set(3, cluster.start(3));
            await().until(() -> replicas.get(3).status().executed().value()
                    >= replicas.get(0).status().executed().value());
            assertThat(Counter.sum(client.invoke(Counter.add(1)).get(10, TimeUnit.SECONDS)))
                    .isEqualTo(12);
        }
    }

    @Test
    @DisplayName("N2 Without its primary the cluster goes on in another view")
    void n2PrimaryIsGone() throws Exception {
        try (BftClient client = cluster.connect(0)) {
            assertThat(Counter.sum(client.invoke(Counter.add(1)).get(10, TimeUnit.SECONDS)))
                    .isEqualTo(1);
            replicas.get(0).close();
            assertThat(Counter.sum(client.invoke(Counter.add(1)).get(30, TimeUnit.SECONDS)))
                    .isEqualTo(2);
            assertThat(replicas.get(1).status().view().number()).isPositive();
        }
    }

    @Test
    @DisplayName("V11 A NEW-VIEW that is larger than a frame begins its view")
    void v11NewViewLargerThanAFrame() throws Exception {
        int frame = Limit.MAX_FRAME_BYTES.min();
        LocalCluster small = LocalCluster.of(4, 1, Limits.defaults().with(Limit.MAX_FRAME_BYTES, frame));
        List<Integer> arrived = new CopyOnWriteArrayList<>();
        ReplicaObserver observer = new ReplicaObserver() {
            @Override
            public void handled(ReplicaId self, Event event) {
                if (event instanceof Event.Received received
                        && received.message().message() instanceof NewView newView
                        && !newView.replica().equals(self)) {
                    arrived.add(received.message().frame().length());
                }
            }
        };
        List<Replica> members = new ArrayList<>();
        try (BftClient client = small.connect(0)) {
            for (int id = 0; id < 4; id++) {
                members.add(small.builder(id).observer(observer).start());
            }
            for (int i = 1; i <= 30; i++) {
                client.invoke(Counter.add(1)).get(30, TimeUnit.SECONDS);
            }
            members.get(0).close();
            assertThat(Counter.sum(client.invoke(Counter.add(1)).get(30, TimeUnit.SECONDS)))
                    .isEqualTo(31);
            // What each of the 30 batches prepared with is in it, three times.
            assertThat(arrived).isNotEmpty().allMatch(size -> size > 4 * frame);
        } finally {
            members.forEach(Replica::close);
        }
    }

    @Test
    void batchesLargerThanAFrameAreOrdered() throws Exception {
        LocalCluster small =
                LocalCluster.of(4, 1, Limits.defaults().with(Limit.MAX_FRAME_BYTES, Limit.MAX_FRAME_BYTES.min()));
        List<Replica> members = new ArrayList<>();
        try (BftClient client = small.connect(0)) {
            for (int id = 0; id < 4; id++) {
                members.add(small.start(id));
            }
            List<CompletableFuture<byte[]>> results = new ArrayList<>();
            for (int i = 1; i <= 500; i++) {
                results.add(client.invoke(Counter.add(1)));
            }
            for (int i = 1; i <= 500; i++) {
                assertThat(Counter.sum(results.get(i - 1).get(30, TimeUnit.SECONDS)))
                        .isEqualTo(i);
            }
        } finally {
            members.forEach(Replica::close);
        }
    }

    @Test
    void inspectionTellsWhereEachReplicaStands() {
        try (BftClient client = cluster.connect(0)) {
            client.invoke(Counter.add(1)).join();
            await().untilAsserted(() -> {
                Map<ReplicaId, CompletableFuture<ReplicaStatus>> answers = client.inspect();
                assertThat(answers).hasSize(4);
                answers.forEach((id, answer) -> {
                    ReplicaStatus status = answer.join();
                    assertThat(status.replica()).isEqualTo(id);
                    assertThat(status.primary()).isEqualTo(new ReplicaId(0));
                    assertThat(status.executed().value()).isPositive();
                    assertThat(status.connectedReplicas()).hasSize(3).doesNotContain(id);
                    assertThat(status.connectedClients()).isEqualTo(1);
                });
            });
        }
    }

    @Test
    void theClusterGoesOnWhileItsStatesAreWritten() throws IOException {
        Limits limits = Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8);
        LocalCluster slow = LocalCluster.of(4, 1, limits);
        List<SlowlyWritten> services = new ArrayList<>();
        List<Replica> slowReplicas = new ArrayList<>();
        try {
            for (int id = 0; id < 4; id++) {
                services.add(new SlowlyWritten());
                slowReplicas.add(slow.builder(id).service(services.get(id)).start());
            }
            try (BftClient client = slow.connect(0)) {
                // Each is a batch: the fourth asks for a checkpoint, the eighth would fill the window.
                for (int i = 1; i <= 5; i++) {
                    assertThat(client.invoke(Counter.add(i)).join()).isEqualTo(Counter.add(i));
                }
                assertThat(slowReplicas)
                        .allMatch(replica -> replica.status().stable().value() == 0);
                services.forEach(SlowlyWritten::writeOn);
                for (int i = 6; i <= 20; i++) {
                    assertThat(client.invoke(Counter.add(i)).join()).isEqualTo(Counter.add(i));
                }
                await().until(() -> slowReplicas.stream()
                        .allMatch(replica -> replica.status().stable().value() >= 12));
            }
        } finally {
            services.forEach(SlowlyWritten::writeOn);
            slowReplicas.forEach(Replica::close);
        }
        assertThat(services).allMatch(service -> service.openViews() == 0 && service.mostOpenViews() == 1);
    }

    @Test
    void readsThatAreNotOrderedSeeWhatHasCompleted() throws IOException {
        LocalCluster reading = LocalCluster.withFastReads(4, 2);
        List<Replica> readingReplicas = new ArrayList<>();
        try {
            for (int id = 0; id < 4; id++) {
                readingReplicas.add(reading.builder(id).start());
            }
            try (BftClient writer = reading.connect(0);
                    BftClient reader = reading.connect(1)) {
                long sum = 0;
                for (int i = 1; i <= 50; i++) {
                    sum += i;
                    assertThat(Counter.sum(writer.invoke(Counter.add(i)).join()))
                            .isEqualTo(sum);
                    assertThat(Counter.sum(reader.read(Counter.add(0)).join())).isEqualTo(sum);
                }
                // One replica is missing, and the others are enough.
                readingReplicas.get(3).close();
                assertThat(Counter.sum(reader.read(Counter.add(0)).join())).isEqualTo(sum);
            }
        } finally {
            readingReplicas.forEach(Replica::close);
        }
    }
}
