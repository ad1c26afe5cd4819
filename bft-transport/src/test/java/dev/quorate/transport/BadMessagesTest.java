package dev.quorate.transport;

import static dev.quorate.transport.ReplicaRig.rejections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Envelope;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.core.wire.proto.Wire;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.transport.channel.TransportLimits;
import dev.quorate.transport.driver.ReplicaRuntime;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Known peers that send messages which must not be believed: each is counted with its reason, and nothing else happens. */
@Timeout(60)
class BadMessagesTest {
    private static final SequenceNumber ONE = new SequenceNumber(1);

    private LocalCluster cluster;
    private FakeProtocol protocol;
    private ReplicaRuntime replica;
    private TestPeer primary;
    private TestPeer client;

    @BeforeEach
    void start() throws IOException {
        cluster = LocalCluster.of(4, 2);
        protocol = new FakeProtocol();
        replica = ReplicaRig.start(cluster, 1, protocol);
        primary = TestPeer.member(cluster, cluster.port(1), cluster.replica(0), 0);
        client = TestPeer.member(cluster, cluster.port(1), cluster.client(0), 1);
    }

    @AfterEach
    void close() throws IOException {
        primary.close();
        client.close();
        replica.close();
    }

    private void assertRejected(TestPeer from, Bytes frame, RejectionReason reason) throws IOException {
        int handled = protocol.messages().size();
        long before = rejections(replica, reason);
        long all = replica.status().rejectedMessages();
        from.send(frame);
        await().until(() -> rejections(replica, reason) == before + 1);
        // What follows a bad message over the same connection, and over another one, is handled.
        primary.send(commit(2).frame());
        client.send(request(1).frame());
        await().until(() -> protocol.messages().size() == handled + 2);
        assertThat(protocol.messages().subList(handled, handled + 2))
                .containsExactlyInAnyOrder(commit(2).message(), request(1).message());
        assertThat(replica.status().rejectedMessages()).isEqualTo(all + 1);
    }

    private Verified<Commit> commit(long sequenceNumber) {
        return cluster.replicaSealer(0)
                .seal(new Commit(new ReplicaId(0), View.ZERO, new SequenceNumber(sequenceNumber), digest()));
    }

    private Verified<Request> request(long number) {
        return cluster.clientSealer(0).seal(newRequest(0, number));
    }

    private static Request newRequest(int clientId, long number) {
        return new Request(new RequestId(new ClientId(clientId), 1, number), Bytes.copyOf(new byte[100]));
    }

    private static Digest digest() {
        return Digest.sha256(new byte[1]);
    }

    private static Wire.Envelope.Builder wire(Verified<? extends Message> message) {
        Envelope envelope = message.envelope();
        return Wire.Envelope.newBuilder()
                .setClusterId(copy(envelope.clusterId()))
                .setType(envelope.type().code())
                .setSender(envelope.sender())
                .setMembershipEpoch(envelope.membershipEpoch())
                .setPayload(copy(envelope.payload()))
                .setSignature(copy(envelope.signature()))
                .setBody(copy(envelope.body()));
    }

    private static ByteString copy(Bytes bytes) {
        return ByteString.copyFrom(bytes.toArray());
    }

    private static Bytes frame(Wire.Envelope.Builder envelope) {
        return Bytes.wrap(envelope.build().toByteArray());
    }

    @Test
    @DisplayName("X1 Bytes that are no envelope, long and short")
    void x1GarbageIsMalformed() throws IOException {
        byte[] garbage = new byte[500];
        Arrays.fill(garbage, (byte) 0xff);
        assertRejected(client, Bytes.wrap(garbage), RejectionReason.MALFORMED);
        assertRejected(client, Bytes.copyOf(new byte[] {1, 2, 3}), RejectionReason.MALFORMED);
        Bytes whole = request(1).frame();
        assertRejected(
                client, Bytes.wrap(Arrays.copyOf(whole.toArray(), whole.length() - 5)), RejectionReason.MALFORMED);
    }

    @Test
    @DisplayName("X1 A type that nobody knows")
    void x1UnknownType() throws IOException {
        assertRejected(
                primary, frame(wire(commit(1)).setType(MessageType.values().length + 1)), RejectionReason.UNKNOWN_TYPE);
    }

    @Test
    @DisplayName("X3 A message with the same fields many times over")
    void x3RepeatedFields() throws IOException {
        byte[] once = commit(1).frame().toArray();
        byte[] often = new byte[20 * once.length];
        for (int i = 0; i < 20; i++) {
            System.arraycopy(once, 0, often, i * once.length, once.length);
        }
        assertRejected(primary, Bytes.wrap(often), RejectionReason.MALFORMED);
    }

    @Test
    @DisplayName("X3 A batch of more requests than a batch may have")
    void x3TooManyElements() throws IOException {
        Wire.Batch.Builder batch = Wire.Batch.newBuilder();
        for (int i = 0; i <= cluster.config().limits().get(Limit.MAX_BATCH_REQUESTS); i++) {
            batch.addRequests(ByteString.copyFrom(new byte[1]));
        }
        Bytes body = Bytes.wrap(batch.build().toByteArray());
        PrePrepare header = new PrePrepare(new ReplicaId(0), View.ZERO, ONE, Digest.sha256(body), Optional.empty());
        assertRejected(
                primary,
                frame(wire(cluster.replicaSealer(0).seal(header)).setBody(copy(body))),
                RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName("K1 A message made for another cluster")
    void k1ForeignCluster() throws IOException {
        Sealer foreign = cluster.withOtherClusterId().replicaSealer(2);
        Prepare prepare = new Prepare(new ReplicaId(2), View.ZERO, ONE, digest());
        assertRejected(primary, foreign.seal(prepare).frame(), RejectionReason.FOREIGN_CLUSTER);
    }

    @Test
    @DisplayName("K1 A message of another membership")
    void k1WrongEpoch() throws IOException {
        assertRejected(primary, frame(wire(commit(1)).setMembershipEpoch(1)), RejectionReason.WRONG_EPOCH);
    }

    @Test
    @DisplayName("X1 A sender that is out of range")
    void x1UnknownSender() throws IOException {
        Prepare prepare = new Prepare(new ReplicaId(2), View.ZERO, ONE, digest());
        assertRejected(
                primary,
                frame(wire(cluster.replicaSealer(2).seal(prepare)).setSender(77)),
                RejectionReason.UNKNOWN_SENDER);
    }

    @Test
    @DisplayName("B3 An unsigned message in another's name")
    void b3WrongSender() throws IOException {
        Verified<Commit> ofAnother =
                cluster.replicaSealer(2).seal(new Commit(new ReplicaId(2), View.ZERO, ONE, digest()));
        assertRejected(primary, ofAnother.frame(), RejectionReason.WRONG_SENDER);
        assertRejected(client, cluster.clientSealer(1).seal(newRequest(1, 1)).frame(), RejectionReason.WRONG_SENDER);
    }

    @Test
    @DisplayName("P11 A client that poses as a replica")
    void p11ClientMayNotVote() throws IOException {
        assertRejected(client, commit(1).frame(), RejectionReason.NOT_PERMITTED);
    }

    @Test
    void repliesAndInspectionsAreNotForReplicas() throws IOException {
        Reply reply =
                new Reply(new ReplicaId(0), View.ZERO, newRequest(0, 1).id(), Result.ok(Bytes.copyOf(new byte[100])));
        assertRejected(primary, cluster.replicaSealer(0).seal(reply).frame(), RejectionReason.NOT_PERMITTED);
        Inspect inspect = new Inspect(new ClientId(0), 1);
        assertRejected(primary, cluster.clientSealer(0).seal(inspect).frame(), RejectionReason.NOT_PERMITTED);
    }

    @Test
    @DisplayName("P2 A request that its client did not sign, passed on alone")
    void p2BadSignature() throws IOException {
        Wire.Envelope.Builder forged = wire(request(1));
        byte[] signature = forged.getSignature().toByteArray();
        signature[3] ^= 1;
        assertRejected(
                primary, frame(forged.setSignature(ByteString.copyFrom(signature))), RejectionReason.BAD_SIGNATURE);
    }

    @Test
    @DisplayName("P2 A batch with a request that its client did not sign")
    void p2ForgedRequest() throws IOException {
        Verified<Request> forged = cluster.clientSealer(1).seal(newRequest(1, 1));
        // Signed by client 1, and in the name of client 0.
        Wire.Envelope.Builder inTheNameOfAnother = wire(forged).setSender(0);
        Bytes body = Bytes.wrap(Wire.Batch.newBuilder()
                .setSeed(ByteString.copyFrom(new byte[ProposedValues.SEED_BYTES]))
                .addRequests(copy(frame(inTheNameOfAnother)))
                .build()
                .toByteArray());
        PrePrepare header = new PrePrepare(new ReplicaId(0), View.ZERO, ONE, Digest.sha256(body), Optional.empty());
        assertRejected(
                primary,
                frame(wire(cluster.replicaSealer(0).seal(header)).setBody(copy(body))),
                RejectionReason.FORGED_REQUEST);
    }

    @Test
    @DisplayName("P2 Another batch than the signed one")
    void p2WrongDigest() throws IOException {
        var signed = Batches.of(List.of(request(1)), 0, Bytes.EMPTY, Bytes.EMPTY);
        var sent = Batches.of(List.of(request(2)), 0, Bytes.EMPTY, Bytes.EMPTY);
        PrePrepare header = new PrePrepare(new ReplicaId(0), View.ZERO, ONE, signed.digest(), Optional.empty());
        assertRejected(
                primary,
                frame(wire(cluster.replicaSealer(0).seal(header)).setBody(copy(sent.encoded()))),
                RejectionReason.WRONG_DIGEST);
    }

    @Test
    @DisplayName("P11 A backup that poses as primary")
    void p11BackupMayNotPropose() throws IOException {
        var batch = Batches.of(List.of(request(1)), 0, Bytes.EMPTY, Bytes.EMPTY);
        PrePrepare proposal = new PrePrepare(new ReplicaId(2), View.ZERO, ONE, batch.digest(), Optional.of(batch));
        assertRejected(primary, cluster.replicaSealer(2).seal(proposal).frame(), RejectionReason.NOT_PRIMARY);
    }

    @Test
    void whatIsSurplusIsCountedApart() throws IOException {
        replica.close();
        replica = ReplicaRig.start(
                cluster,
                1,
                new FakeProtocol(event -> event instanceof Event.Received received
                        ? List.of(
                                new Effect.Report(new Notice.Rejected(RejectionReason.DUPLICATE, received.message())),
                                new Effect.Report(
                                        new Notice.Rejected(RejectionReason.QUOTA_EXCEEDED, received.message())),
                                new Effect.Report(new Notice.Rejected(RejectionReason.WRONG_VIEW, received.message())))
                        : List.of()));
        try (TestPeer again = TestPeer.member(cluster, cluster.port(1), cluster.client(0), 1)) {
            again.send(request(1).frame());
            await().until(() -> rejections(replica, RejectionReason.WRONG_VIEW) == 1);
            assertThat(replica.status().rejectedMessages()).isEqualTo(1);
            assertThat(replica.status().surplusMessages()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("X2 An operation above the limit, in a frame below it")
    void x2OversizeOperation() throws IOException {
        int limit = TransportLimits.of(cluster.config()).client().maxFrameBytes();
        Request large = new Request(newRequest(0, 1).id(), Bytes.wrap(new byte[limit]));
        // A client cannot get it through the framing; a replica may pass on larger frames.
        assertRejected(primary, cluster.clientSealer(0).seal(large).frame(), RejectionReason.OVERSIZE);
    }
}
