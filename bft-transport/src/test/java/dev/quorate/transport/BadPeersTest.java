package dev.quorate.transport;

import static dev.quorate.transport.ReplicaRig.rejections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.client.ClientRules;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Hello;
import dev.quorate.transport.channel.TransportLimits;
import dev.quorate.transport.driver.ReplicaRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever connects to a replica and misbehaves before or instead of sending messages. */
@Timeout(60)
class BadPeersTest {
    private static final int SELF = 1;

    private LocalCluster cluster;
    private FakeProtocol protocol;
    private ReplicaRuntime replica;

    @BeforeEach
    void start() throws IOException {
        cluster = LocalCluster.of(4, 2);
        protocol = new FakeProtocol();
        replica = ReplicaRig.start(cluster, SELF, protocol);
    }

    private void restart(TransportLimits limits) throws IOException {
        replica.close();
        replica = ReplicaRig.start(cluster, SELF, protocol, limits);
    }

    private TransportLimits limits() {
        return TransportLimits.of(cluster.config());
    }

    @AfterEach
    void close() {
        replica.close();
    }

    private int port() {
        return cluster.port(SELF);
    }

    private TestPeer client(int id) throws IOException {
        return TestPeer.member(cluster, port(), cluster.client(id), 1);
    }

    private void awaitRejections(RejectionReason reason, long count) {
        await().until(() -> rejections(replica, reason) >= count);
        assertThat(rejections(replica, reason)).isEqualTo(count);
    }

    /** The replica still does its work: a client's request reaches the protocol. */
    private void assertUndisturbed() throws IOException {
        assertThat(replica.isRunning()).isTrue();
        int before = protocol.messages().size();
        try (TestPeer client = client(0)) {
            client.send(cluster.clientSealer(0)
                    .seal(new Request(new RequestId(new ClientId(0), 1, 1), Bytes.copyOf(new byte[10])))
                    .frame());
            await().until(() -> protocol.messages().size() == before + 1);
        }
    }

    @ParameterizedTest(name = "length {0}")
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 33})
    @DisplayName("X2 A bad length before HELLO closes the connection")
    void x2BadLengthIsRefusedBeforeHello(int length) throws IOException {
        try (TestPeer peer = TestPeer.tls(port(), cluster.client(1))) {
            peer.sendLength(length);
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.OVERSIZE, 1);
        assertUndisturbed();
    }

    @ParameterizedTest(name = "length {0}")
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    @DisplayName("X2 A bad length closes the connection of a known peer")
    void x2BadLengthIsRefusedAfterHello(int length) throws IOException {
        try (TestPeer peer = client(1)) {
            peer.sendLength(length);
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.OVERSIZE, 1);
        assertUndisturbed();
    }

    @Test
    @DisplayName("X2 The frame limit holds to the byte")
    void x2FrameLimitHoldsToTheByte() throws IOException {
        int limit = limits().client().maxFrameBytes();
        try (TestPeer peer = client(1)) {
            peer.send(Bytes.wrap(new byte[limit]));
            // Let through by the framing, and no message: the connection stays.
            awaitRejections(RejectionReason.MALFORMED, 1);
            peer.sendLength(limit + 1);
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.OVERSIZE, 1);
    }

    @Test
    @DisplayName("X2 A replica that sends more pieces than a message may have is let go, and may come back")
    void x2PiecesBeyondTheLimitOfAMessage() throws IOException {
        int piece = limits().replica().maxFrameBytes();
        int pieces = limits().replica().maxMessageBytes() / piece;
        try (TestPeer peer = TestPeer.member(cluster, port(), cluster.replica(0), 0)) {
            ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + piece).putInt(1 << 31 | piece);
            for (int i = 0; i < pieces; i++) {
                peer.sendRaw(frame.array());
            }
            // The header of one more is enough.
            peer.sendLength(1 << 31 | piece);
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.OVERSIZE, 1);
        try (TestPeer peer = TestPeer.member(cluster, port(), cluster.replica(0), 0)) {
            // The same as the last piece of a message: there is no message.
            peer.sendRaw(
                    ByteBuffer.allocate(Integer.BYTES + 1).putInt(3 << 30 | 1).array());
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.MALFORMED, 1);
        assertUndisturbed();
    }

    @Test
    @DisplayName("X1 Half a frame, then FIN")
    void x1HalfAFrameThenFin() throws IOException {
        try (TestPeer peer = client(1)) {
            peer.sendLength(100);
            peer.sendRaw(new byte[50]);
        }
        awaitRejections(RejectionReason.MALFORMED, 1);
        assertUndisturbed();
    }

    @Test
    @DisplayName("X1 Garbage instead of TLS")
    void x1GarbageInsteadOfTls() throws IOException {
        try (TestPeer peer = TestPeer.plain(port())) {
            peer.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.MALFORMED, 1);
        assertUndisturbed();
    }

    @Test
    @DisplayName("X1 Something else than HELLO as the first frame")
    void x1SomethingElseThanHello() throws IOException {
        try (TestPeer peer = TestPeer.tls(port(), cluster.client(1))) {
            peer.send(Bytes.wrap(new byte[32]));
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.MALFORMED, 1);
        assertThat(protocol.messages()).isEmpty();
    }

    @Test
    @DisplayName("K2 A key that nobody knows")
    void k2UnknownKeyIsRefused() throws IOException {
        // In TLS 1.3 the one who dials learns last that its certificate is not accepted.
        try (TestPeer peer = TestPeer.tls(port(), LocalCluster.newIdentity())) {
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.UNKNOWN_SENDER, 1);
        assertUndisturbed();
    }

    @Test
    @DisplayName("K1 A member of the same name and key in another cluster")
    void k1ForeignClusterIsRefused() throws IOException {
        try (TestPeer peer = TestPeer.tls(port(), cluster.replica(0))) {
            peer.sendHello(Hello.VERSION, cluster.withOtherClusterId().clusterId(), 0);
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.FOREIGN_CLUSTER, 1);
        assertUndisturbed();
    }

    @Test
    void anotherWireVersionIsRefused() throws IOException {
        try (TestPeer peer = TestPeer.tls(port(), cluster.replica(0))) {
            peer.sendHello(Hello.VERSION + 1, cluster.clusterId(), 0);
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.MALFORMED, 1);
    }

    @Test
    void aReplicaWithAHigherIdMayNotDial() throws IOException {
        try (TestPeer peer = TestPeer.tls(port(), cluster.replica(2))) {
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.NOT_PERMITTED, 1);
        try (TestPeer peer = TestPeer.tls(port(), cluster.replica(SELF))) {
            peer.awaitClosed();
        }
        awaitRejections(RejectionReason.NOT_PERMITTED, 2);
    }

    @Test
    @DisplayName("X5 Connections that say nothing are closed after a while")
    void x5SlowHandshakeTimesOut() throws IOException {
        restart(ReplicaRig.withHandshakes(limits(), Duration.ofSeconds(2), 100));
        try (TestPeer silent = TestPeer.plain(port());
                TestPeer withoutHello = TestPeer.tls(port(), cluster.client(1))) {
            silent.awaitClosed();
            withoutHello.awaitClosed();
        }
        awaitRejections(RejectionReason.QUOTA_EXCEEDED, 2);
    }

    @Test
    @DisplayName("X5 Connections that say nothing do not keep others out")
    void x5SilentConnectionsPushOutEachOther() throws IOException {
        restart(ReplicaRig.withHandshakes(limits(), Duration.ofMinutes(10), 3));
        List<TestPeer> silent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            silent.add(TestPeer.plain(port()));
        }
        assertUndisturbed(); // takes one place, and gives it back
        silent.get(0).awaitClosed();
        awaitRejections(RejectionReason.QUOTA_EXCEEDED, 1);
        silent.add(TestPeer.plain(port()));
        silent.add(TestPeer.plain(port()));
        silent.get(1).awaitClosed();
        awaitRejections(RejectionReason.QUOTA_EXCEEDED, 2);
        for (TestPeer peer : silent) {
            peer.close();
        }
    }

    @Test
    @DisplayName("X4 A client has a bounded number of connections, and another one has its own")
    void x4ConnectionsOfAClientAreBounded() throws IOException {
        restart(ReplicaRig.withClients(limits(), 2, 3));
        TestPeer first = client(1);
        try (TestPeer second = client(1)) {
            TestPeer third = TestPeer.tls(port(), cluster.client(1));
            third.sendHello(Hello.VERSION, cluster.clusterId(), 1);
            third.awaitClosed();
            awaitRejections(RejectionReason.QUOTA_EXCEEDED, 1);
            assertUndisturbed();
            first.close();
            await().until(() -> replica.status().connectedClients() == 1);
            assertAnswers(second, 1);
            await().untilAsserted(() -> {
                try (TestPeer another = client(1)) {
                    assertAnswers(another, 1);
                }
            });
        }
    }

    @Test
    @DisplayName("X4 Connections of clients are bounded in all")
    void x4ConnectionsOfAllClientsAreBounded() throws IOException {
        restart(ReplicaRig.withClients(limits(), 2, 1));
        try (TestPeer first = client(0)) {
            TestPeer second = TestPeer.tls(port(), cluster.client(1));
            second.sendHello(Hello.VERSION, cluster.clusterId(), 1);
            second.awaitClosed();
            awaitRejections(RejectionReason.QUOTA_EXCEEDED, 1);
            assertAnswers(first, 0);
        }
    }

    /** The replica answers over this very connection. */
    private void assertAnswers(TestPeer peer, int client) throws IOException {
        peer.send(cluster.clientSealer(client)
                .seal(new Inspect(new ClientId(client), 5))
                .frame());
        Validation answer = MessageValidator.forClient(cluster.config(), new ClientRules())
                .validate(peer.receive(), new Peer.OfReplica(new ReplicaId(SELF)));
        assertThat(answer).isInstanceOf(Validation.Accepted.class);
        assertThat(((Validation.Accepted) answer).message().message()).isInstanceOf(Inspection.class);
    }

    @Test
    @DisplayName("X5 A peer that went silent is let go")
    void x5SilentPeerIsLetGo() throws IOException {
        restart(ReplicaRig.withIdle(limits(), Duration.ofMillis(50), Duration.ofMillis(300)));
        try (TestPeer peer = client(1)) {
            await().until(() -> replica.status().connectedClients() == 1);
            // It gets keep-alives, and answers none.
            peer.awaitClosed();
        }
        await().until(() -> replica.status().connectedClients() == 0);
    }

    @Test
    void limitsOfClientsFollowFromTheCluster() {
        assertThat(limits().client().maxFrameBytes())
                .isGreaterThan(cluster.config().limits().get(Limit.MAX_OPERATION_BYTES));
        assertThat(limits().maxConnectionsPerClient())
                .isGreaterThanOrEqualTo(cluster.config().limits().get(Limit.SESSIONS_PER_CLIENT));
    }
}
