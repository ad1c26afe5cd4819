package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Operation;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.View;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.TimerId;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.transport.driver.ReplicaRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting, stopping, and what stops a replica. */
@Timeout(60)
class LifecycleTest {
    private static final TimerId TIMER = new TimerId(TimerId.Kind.STATUS, View.ZERO);

    private LocalCluster cluster;

    @BeforeEach
    void configure() throws IOException {
        cluster = LocalCluster.of(4, 4);
    }

    private static Set<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("quorate-"))
                .collect(Collectors.toSet());
    }

    @Test
    void closeLeavesNoThreadBehind() throws IOException {
        await().until(() -> ourThreads().isEmpty());
        List<AutoCloseable> all = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            all.add(cluster.start(id));
        }
        BftClient first = cluster.connect(0);
        BftClient second = cluster.connect(1);
        first.invoke(Counter.add(1)).join();
        second.invoke(Counter.add(1)).join();
        assertThat(ourThreads())
                .anyMatch(name -> name.startsWith("quorate-replica-2-io"))
                .contains("quorate-replica-2", "quorate-replica-2-service", "quorate-replica-2-worker-0")
                .anyMatch(name -> name.startsWith("quorate-client-io"));
        first.close();
        assertThat(ourThreads()).anyMatch(name -> name.startsWith("quorate-client-io"));
        second.close();
        second.close();
        // The last client ends the shared loop, which takes its leave by itself.
        await().untilAsserted(() -> assertThat(ourThreads()).noneMatch(name -> name.startsWith("quorate-client-io")));
        for (AutoCloseable closeable : all) {
            assertThat(((Replica) closeable).isRunning()).isTrue();
            ((Replica) closeable).close();
            ((Replica) closeable).close();
            assertThat(((Replica) closeable).isRunning()).isFalse();
        }
        // A helper thread without work ends by itself.
        await().untilAsserted(() -> assertThat(ourThreads()).isEmpty());
    }

    @Test
    void aPortInUseIsSaidAndLeavesNothingBehind() throws IOException {
        try (Replica first = cluster.start(0)) {
            assertThatThrownBy(() -> cluster.start(0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("replica 0 cannot listen at 127.0.0.1:" + cluster.port(0));
            assertThat(first.isRunning()).isTrue();
        }
        await().until(() -> ourThreads().isEmpty());
    }

    @Test
    void keysThatAreNotInTheConfigurationAreRefused() {
        assertThatThrownBy(() -> Replica.builder()
                        .cluster(cluster.config())
                        .identity(LocalCluster.newIdentity())
                        .service(new Counter())
                        .start())
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> BftClient.connect(cluster.config(), LocalCluster.newIdentity()))
                .isInstanceOf(ConfigException.class);
        await().until(() -> ourThreads().isEmpty());
    }

    @Test
    void haltStopsTheReplicaAndDropsItsConnections() throws IOException {
        FakeProtocol protocol = new FakeProtocol(event -> event instanceof Event.PeerConnected
                ? List.of(
                        new Effect.StartTimer(TIMER, Duration.ZERO),
                        new Effect.Report(new Notice.Committed(View.ZERO, new SequenceNumber(9), Digest.sha256())),
                        new Effect.Halt("a test says so"))
                : List.of());
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 1, protocol);
                TestPeer peer = TestPeer.member(cluster, cluster.port(1), cluster.replica(0), 0)) {
            peer.awaitClosed();
            await().until(() -> !replica.isRunning());
            assertThat(replica.status().connectedClients()).isZero();
            // Effects beside the halt are not applied, but for what may explain it.
            assertThat(replica.metrics().batchesCommitted()).isEqualTo(1);
            assertThat(protocol.events()).doesNotContain(new Event.TimerFired(TIMER));
        }
    }

    @Test
    void anObserverHearsEverythingAndItsFailuresDoNoHarm() throws IOException {
        List<Object> heard = new CopyOnWriteArrayList<>();
        ReplicaObserver observer = new ReplicaObserver() {
            @Override
            public void handled(ReplicaId self, Event event) {
                heard.add(event);
                throw new IllegalStateException("a test says so");
            }

            @Override
            public void applied(ReplicaId self, Effect effect) {
                heard.add(effect);
                throw new StackOverflowError("a test says so");
            }

            @Override
            public void stopped(ReplicaId self) {
                heard.add(self);
                throw new IllegalStateException("a test says so");
            }
        };
        Effect start = new Effect.StartTimer(TIMER, Duration.ofMillis(1));
        FakeProtocol protocol = new FakeProtocol(event -> event instanceof Event.Started ? List.of(start) : List.of());
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 1, protocol, observer)) {
            await().until(() -> heard.stream().anyMatch(Event.Drained.class::isInstance));
            assertThat(replica.isRunning()).isTrue();
        }
        assertThat(heard)
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(Event.Started.class),
                        second -> assertThat(second).isEqualTo(start),
                        third -> assertThat(third).isInstanceOf(Event.ClockRead.class),
                        fourth -> assertThat(fourth).isEqualTo(new Event.TimerFired(TIMER)),
                        fifth -> assertThat(fifth).isInstanceOf(Event.Drained.class),
                        last -> assertThat(last).isEqualTo(new ReplicaId(1)));
    }

    @Test
    void anExceptionInTheProtocolStopsTheReplica() throws IOException {
        FakeProtocol protocol = new FakeProtocol(event -> {
            if (event instanceof Event.TimerFired) {
                throw new IllegalStateException("a test says so");
            }
            return List.of(new Effect.StartTimer(TIMER, Duration.ofMillis(5)));
        });
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 1, protocol)) {
            await().until(() -> !replica.isRunning());
            assertThat(replica.status().ordered()).isEqualTo(new SequenceNumber(3));
        }
    }

    @Test
    void aServiceThatCannotWriteItsStateStopsTheReplica() throws IOException {
        FakeProtocol protocol = new FakeProtocol(event -> event instanceof Event.Started
                ? List.of(new Effect.TakeSnapshot(new SequenceNumber(1), Bytes.EMPTY))
                : List.of());
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 1, protocol, new BrokenService())) {
            await().until(() -> !replica.isRunning());
        }
    }

    private static final class BrokenService implements ReplicatedService {
        @Override
        public byte[] execute(Operation operation) {
            return new byte[0];
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            throw new IOException("a test says so");
        }

        @Override
        public void restore(SnapshotReader in) {}
    }

    @Test
    void aServiceMayCloseItsOwnReplica() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Replica[] replica = new Replica[1];
        CountDownLatch started = new CountDownLatch(1);
        FakeProtocol protocol = new FakeProtocol(event -> event instanceof Event.Started
                ? List.of(new Effect.Execute(
                        new SequenceNumber(1),
                        List.of(new Operation(new ClientId(0), new SequenceNumber(1), Bytes.EMPTY))))
                : List.of());
        ReplicatedService service = new ReplicatedService() {
            @Override
            public byte[] execute(Operation operation) throws InterruptedException {
                started.await();
                replica[0].close();
                closed.countDown();
                return new byte[0];
            }

            @Override
            public void snapshot(SnapshotWriter out) {}

            @Override
            public void restore(SnapshotReader in) {}
        };
        replica[0] = ReplicaRig.start(cluster, 1, protocol, service);
        started.countDown();
        closed.await();
        assertThat(replica[0].isRunning()).isFalse();
        await().until(() -> ourThreads().isEmpty());
    }

    @Test
    void timersFireOnceAndMayBeReplacedAndStopped() throws IOException {
        TimerId other = new TimerId(TimerId.Kind.STATUS, new View(1));
        TimerId stopped = new TimerId(TimerId.Kind.STATUS, new View(2));
        FakeProtocol protocol = new FakeProtocol(event -> event instanceof Event.Started
                ? List.of(
                        new Effect.StartTimer(TIMER, Duration.ofMillis(1)),
                        new Effect.StartTimer(stopped, Duration.ofMillis(1)),
                        new Effect.StartTimer(TIMER, Duration.ofMillis(50)),
                        new Effect.StopTimer(stopped),
                        new Effect.StartTimer(other, Duration.ofMillis(100)))
                : List.of());
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 1, protocol)) {
            await().until(() -> protocol.events().contains(new Event.TimerFired(other)));
            assertThat(replica.isRunning()).isTrue();
            assertThat(protocol.events())
                    .filteredOn(event -> !(event instanceof Event.Started))
                    .containsExactly(new Event.TimerFired(TIMER), new Event.TimerFired(other));
        }
    }
}
