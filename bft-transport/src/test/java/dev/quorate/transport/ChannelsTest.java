package dev.quorate.transport;

import static dev.quorate.transport.ReplicaRig.rejections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.ClientId;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.transport.channel.Hello;
import dev.quorate.transport.channel.TransportLimits;
import dev.quorate.transport.driver.ReplicaRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels between replicas: who dials, what happens when one breaks, and bounds on what waits. */
@Timeout(60)
class ChannelsTest {
    private LocalCluster cluster;

    @BeforeEach
    void configure() throws IOException {
        cluster = LocalCluster.of(4, 2);
    }

    private static List<Event> connectionsOf(FakeProtocol protocol, int peer) {
        return protocol.events().stream()
                .filter(event -> event.equals(new Event.PeerConnected(new ReplicaId(peer))))
                .toList();
    }

    @Test
    void theFirstEventIsStartedAndEachConnectionIsAnnounced() throws IOException {
        FakeProtocol zero = new FakeProtocol();
        FakeProtocol one = new FakeProtocol();
        try (ReplicaRuntime first = ReplicaRig.start(cluster, 0, zero);
                ReplicaRuntime second = ReplicaRig.start(cluster, 1, one)) {
            await().until(() -> connectionsOf(zero, 1).size() == 1);
            await().until(() -> connectionsOf(one, 0).size() == 1);
            assertThat(zero.events()).first().isInstanceOf(Event.Started.class);
            assertThat(one.events()).first().isInstanceOf(Event.Started.class);
            assertThat(first.status().connectedReplicas()).containsExactly(new ReplicaId(1));
            assertThat(second.status().connectedReplicas()).containsExactly(new ReplicaId(0));
        }
    }

    @Test
    @DisplayName("N5 A broken connection is made again, as often as it breaks")
    void n5ReconnectsAfterADrop() throws IOException {
        FakeProtocol protocol = new FakeProtocol();
        try (SSLServerSocket server = TestPeer.listen(cluster.port(1), cluster.replica(1));
                ReplicaRuntime replica = ReplicaRig.start(cluster, 0, protocol)) {
            for (int round = 1; round <= 3; round++) {
                int expected = round;
                try (TestPeer peer = TestPeer.accept(server)) {
                    peer.greet(cluster.config(), 0);
                    await().until(() -> connectionsOf(protocol, 1).size() == expected);
                    assertThat(replica.status().connectedReplicas()).containsExactly(new ReplicaId(1));
                }
            }
            await().until(() -> replica.status().connectedReplicas().isEmpty());
            Event connected = new Event.PeerConnected(new ReplicaId(1));
            Event disconnected = new Event.PeerDisconnected(new ReplicaId(1));
            assertThat(protocol.events())
                    .filteredOn(event -> event.equals(connected) || event.equals(disconnected))
                    .containsExactly(connected, disconnected, connected, disconnected, connected, disconnected);
        }
    }

    @Test
    @DisplayName("C1 A replica that was restarted is connected again")
    void c1RestartedReplicaIsConnectedAgain() throws IOException {
        FakeProtocol lower = new FakeProtocol();
        FakeProtocol higher = new FakeProtocol();
        try (ReplicaRuntime zero = ReplicaRig.start(cluster, 0, lower)) {
            for (int round = 1; round <= 3; round++) {
                int expected = round;
                try (ReplicaRuntime one = ReplicaRig.start(cluster, 1, higher)) {
                    await().until(() -> connectionsOf(lower, 1).size() == expected
                            && connectionsOf(higher, 0).size() == expected);
                    assertThat(one.isRunning()).isTrue();
                }
                await().until(() -> zero.status().connectedReplicas().isEmpty());
            }
        }
    }

    @Test
    void theNewestConnectionOfAReplicaReplacesTheOneBefore() throws IOException {
        FakeProtocol protocol = new FakeProtocol();
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 1, protocol);
                TestPeer old = TestPeer.member(cluster, cluster.port(1), cluster.replica(0), 0)) {
            await().until(() -> connectionsOf(protocol, 0).size() == 1);
            try (TestPeer current = TestPeer.member(cluster, cluster.port(1), cluster.replica(0), 0)) {
                old.awaitClosed();
                await().until(() -> connectionsOf(protocol, 0).size() == 2);
                assertThat(replica.status().connectedReplicas()).containsExactly(new ReplicaId(0));
                Commit commit = new Commit(new ReplicaId(0), View.ZERO, new SequenceNumber(1), Digest.sha256());
                current.send(cluster.replicaSealer(0).seal(commit).frame());
                await().until(() -> protocol.messages().equals(List.of(commit)));
                // Replaced, not lost: nobody is to suspect a primary for that.
                assertThat(protocol.events()).doesNotContain(new Event.PeerDisconnected(new ReplicaId(0)));
            }
        }
    }

    @Test
    @DisplayName("K2 Another replica at the place of the dialled one")
    void k2WrongReplicaAnswers() throws IOException {
        try (SSLServerSocket server = TestPeer.listen(cluster.port(1), cluster.replica(2));
                ReplicaRuntime replica = ReplicaRig.start(cluster, 0, new FakeProtocol());
                TestPeer peer = TestPeer.accept(server)) {
            peer.awaitClosed();
            await().until(() -> rejections(replica, RejectionReason.WRONG_SENDER) > 0);
            assertThat(replica.status().connectedReplicas()).isEmpty();
        }
    }

    @Test
    @DisplayName("K2 A client's key at the place of the dialled replica")
    void k2ClientAnswersInPlaceOfAReplica() throws IOException {
        try (SSLServerSocket server = TestPeer.listen(cluster.port(1), cluster.client(0));
                ReplicaRuntime replica = ReplicaRig.start(cluster, 0, new FakeProtocol())) {
            try {
                TestPeer.accept(server).close();
            } catch (IOException e) {
                // The replica refuses in the middle of the handshake.
            }
            await().until(() -> rejections(replica, RejectionReason.UNKNOWN_SENDER) > 0);
            assertThat(replica.status().connectedReplicas()).isEmpty();
        }
    }

    @Test
    @DisplayName("N11 A peer that never reads has a bounded queue, and slows nobody down")
    void n11PeerThatNeverReads() throws IOException {
        int size = 512 << 10;
        Reply payload = new Reply(
                new ReplicaId(3),
                View.ZERO,
                new RequestId(new ClientId(0), 1, 1),
                Result.ok(Bytes.wrap(new byte[size])));
        var large = cluster.replicaSealer(3).seal(payload);
        FakeProtocol protocol = new FakeProtocol(
                event -> event instanceof Event.Received ? List.of(new Effect.Broadcast(large)) : List.of());
        long queue = TransportLimits.of(cluster.config()).replica().outgoingBytes();
        int rounds = (int) (2 * queue / size);
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 3, protocol);
                TestPeer deaf = TestPeer.member(cluster, cluster.port(3), cluster.replica(0), 0);
                TestPeer reader = TestPeer.member(cluster, cluster.port(3), cluster.replica(1), 0)) {
            await().until(() -> replica.status().connectedReplicas().size() == 2);
            for (int round = 1; round <= rounds; round++) {
                Commit next = new Commit(new ReplicaId(1), View.ZERO, new SequenceNumber(round), Digest.sha256());
                reader.send(cluster.replicaSealer(1).seal(next).frame());
                // Each is answered before the next is asked for, though the other one takes nothing.
                assertThat(reader.receive()).isEqualTo(large.frame());
            }
            // The kernel's buffers and the queue took some of it; the rest was dropped.
            assertThat(replica.metrics().framesDropped())
                    .isPositive()
                    .isLessThan(rounds)
                    .isGreaterThan(rounds - (queue + (32 << 20)) / size);
            assertThat(replica.status().connectedReplicas()).contains(new ReplicaId(0));
            assertThat(deaf.receive()).isEqualTo(large.frame());
        }
    }

    @Test
    @DisplayName("X4 A peer that sends faster than it can be handled waits for itself only")
    void x4FloodIsStoppedAtTheSource() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        FakeProtocol protocol = new FakeProtocol(event -> {
            if (event instanceof Event.Received && handled.getAndIncrement() == 0) {
                awaitGate(gate);
            }
            return List.of();
        });
        int flood = 5_000;
        int bound = TransportLimits.of(cluster.config()).client().incomingFrames();
        var request = cluster.clientSealer(0)
                .seal(new Request(new RequestId(new ClientId(0), 1, 1), Bytes.wrap(new byte[4096])));
        try (ReplicaRuntime replica = ReplicaRig.start(cluster, 3, protocol);
                TestPeer client = TestPeer.member(cluster, cluster.port(3), cluster.client(0), 1)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, request.frame(), flood));
            await().until(() -> replica.metrics().framesReceived() >= bound);
            // A read may hold more than the one frame that filled the queue; what follows stays in the kernel.
            assertThat(sending).isNotDone();
            assertThat(replica.metrics().framesReceived()).isLessThan(bound + 64);
            // Another connection is served: it has its own room.
            try (TestPeer other = TestPeer.tls(cluster.port(3), cluster.client(1))) {
                other.sendHello(Hello.VERSION, cluster.clusterId(), 1);
                other.receive();
            }
            gate.countDown();
            sending.get();
            await().until(() -> handled.get() == flood);
        } finally {
            gate.countDown();
        }
    }

    private static void awaitGate(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(TestPeer peer, Bytes frame, int times) {
        try {
            for (int i = 0; i < times; i++) {
                peer.send(frame);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
