package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.CLUSTER;
import static dev.quorate.core.wire.WireFixture.CONFIG;
import static dev.quorate.core.wire.WireFixture.DIGEST;
import static dev.quorate.core.wire.WireFixture.REQUEST_ID;
import static dev.quorate.core.wire.WireFixture.accepted;
import static dev.quorate.core.wire.WireFixture.fromClient;
import static dev.quorate.core.wire.WireFixture.fromReplica;
import static dev.quorate.core.wire.WireFixture.rejected;
import static dev.quorate.core.wire.WireFixture.replica;
import static dev.quorate.core.wire.WireFixture.seal;
import static dev.quorate.core.wire.WireFixture.senderOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClientId;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MessageType.Sender;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Status;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.SignatureScheme;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each reason to reject a message by itself, except those that have to do with batches. */
class MessageValidatorTest {
    private static final Prepare PREPARE = new Prepare(replica(1), new View(4), new SequenceNumber(9), DIGEST);
    private static final Commit COMMIT = new Commit(replica(1), new View(4), new SequenceNumber(9), DIGEST);
    private static final Request REQUEST = new Request(REQUEST_ID, WireFixture.text("operation"));

    @Test
    void replicasMayPassOnWhatIsSigned() {
        assertThat(accepted(seal(PREPARE).frame(), fromReplica(3))).isEqualTo(PREPARE);
        assertThat(accepted(seal(REQUEST).frame(), fromReplica(3))).isEqualTo(REQUEST);
    }

    @Test
    @DisplayName("B1: a bad signature is rejected, and does not spoil the good one that follows")
    void b1ABadSignatureIsRejected() throws Exception {
        Envelope good = seal(PREPARE).envelope();
        byte[] flipped = good.signature().toArray();
        flipped[5] ^= 1;

        assertThat(rejected(frame(with(good, Bytes.wrap(flipped))), fromReplica(1)))
                .isEqualTo(RejectionReason.BAD_SIGNATURE);
        assertThat(rejected(frame(with(good, Bytes.EMPTY)), fromReplica(1))).isEqualTo(RejectionReason.BAD_SIGNATURE);
        assertThat(rejected(frame(with(good, Bytes.wrap(new byte[1000]))), fromReplica(1)))
                .isEqualTo(RejectionReason.BAD_SIGNATURE);
        assertThat(accepted(frame(good), fromReplica(1))).isEqualTo(PREPARE);
    }

    @Test
    @DisplayName("K2: the signature of one member in the name of another is rejected")
    void k2AnotherMembersSignatureIsRejected() throws Exception {
        Sealer thief = new Sealer(
                CONFIG.clusterId(),
                0,
                1,
                SignatureScheme.named(CONFIG.signatureScheme())
                        .signer(CLUSTER.replica(2).key()));

        assertThat(rejected(thief.seal(PREPARE).frame(), fromReplica(2))).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @MethodSource("dev.quorate.core.wire.WireFixture#messages")
    @DisplayName("K1: what was made for another cluster is rejected")
    void k1AForeignClusterIsRejected(Message message) throws Exception {
        Bytes foreign = Bytes.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
        assertThat(rejected(sealer(message, foreign, 0).seal(message).frame(), senderOf(message)))
                .isEqualTo(RejectionReason.FOREIGN_CLUSTER);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17})
    @DisplayName("K1: a cluster id of another length is rejected")
    void k1AClusterIdOfAnotherLengthIsRejected(int length) throws Exception {
        Bytes foreign = Bytes.wrap(new byte[length]);
        assertThat(rejected(sealer(PREPARE, foreign, 0).seal(PREPARE).frame(), fromReplica(1)))
                .isEqualTo(RejectionReason.FOREIGN_CLUSTER);
    }

    @Test
    @DisplayName("R3: what was made under another membership is rejected")
    void r3AnotherMembershipIsRejected() throws Exception {
        assertThat(rejected(sealer(PREPARE, CONFIG.clusterId(), 1).seal(PREPARE).frame(), fromReplica(1)))
                .isEqualTo(RejectionReason.WRONG_EPOCH);
        Envelope request = seal(REQUEST).envelope();
        assertThat(rejected(
                        frame(new Envelope(
                                request.clusterId(),
                                request.type(),
                                request.sender(),
                                1,
                                request.payload(),
                                request.signature(),
                                Bytes.EMPTY)),
                        fromClient(2)))
                .isEqualTo(RejectionReason.WRONG_EPOCH);
    }

    @Test
    @DisplayName("K2: an outsider's messages are rejected")
    void k2AnOutsiderIsRejected() {
        Prepare outsider = new Prepare(replica(4), new View(4), new SequenceNumber(9), DIGEST);
        assertThat(rejected(seal(outsider).frame(), fromReplica(1))).isEqualTo(RejectionReason.UNKNOWN_SENDER);

        Request stranger = new Request(new RequestId(new ClientId(4), 1, 1), Bytes.EMPTY);
        assertThat(rejected(seal(stranger).frame(), fromReplica(1))).isEqualTo(RejectionReason.UNKNOWN_SENDER);
    }

    @Test
    @DisplayName("B3: an unsigned message in the name of another replica is rejected")
    void b3AnUnsignedMessageInTheNameOfAnotherIsRejected() {
        assertThat(rejected(seal(COMMIT).frame(), fromReplica(2))).isEqualTo(RejectionReason.WRONG_SENDER);
        assertThat(accepted(seal(COMMIT).frame(), fromReplica(1))).isEqualTo(COMMIT);
    }

    @Test
    void aClientSpeaksForItselfOnly() {
        assertThat(rejected(seal(REQUEST).frame(), fromClient(3))).isEqualTo(RejectionReason.WRONG_SENDER);
        Inspect inspect = new Inspect(new ClientId(1), 1);
        assertThat(rejected(seal(inspect).frame(), fromClient(2))).isEqualTo(RejectionReason.WRONG_SENDER);
    }

    @ParameterizedTest
    @MethodSource("dev.quorate.core.wire.WireFixture#messages")
    void aClientMayNotSayWhatReplicasSay(Message message) {
        if (message.type().sender() == Sender.REPLICA) {
            assertThat(rejected(seal(message).frame(), fromClient(1))).isEqualTo(RejectionReason.NOT_PERMITTED);
        }
    }

    @Test
    @DisplayName("A replica has the same number as some client, but may not inspect in its name")
    void aReplicaMayNotPassOnWhatAClientDidNotSign() {
        Inspect inspect = new Inspect(new ClientId(1), 1);
        assertThat(rejected(seal(inspect).frame(), fromReplica(1))).isEqualTo(RejectionReason.NOT_PERMITTED);
    }

    @Test
    @DisplayName("P11: a backup that poses as primary is rejected, and a primary that prepares")
    void p11ABackupThatPosesAsPrimaryIsRejected() {
        assertThat(rejected(
                        seal(WireFixture.proposal(1, 4, 9, Batches.nullBatch())).frame(), fromReplica(1)))
                .isEqualTo(RejectionReason.NOT_PRIMARY);
        Prepare ofPrimary = new Prepare(replica(0), new View(4), new SequenceNumber(9), DIGEST);
        assertThat(rejected(seal(ofPrimary).frame(), fromReplica(0))).isEqualTo(RejectionReason.NOT_PRIMARY);
    }

    @ParameterizedTest
    @MethodSource("dev.quorate.core.wire.WireFixture#messages")
    void anUnsignedTypeCarriesNoSignatureAndOnlyBatchesAreABody(Message message) {
        Envelope good = seal(message).envelope();
        if (!message.type().isTransferable()) {
            assertThat(rejected(frame(with(good, Bytes.wrap(new byte[64]))), senderOf(message)))
                    .isEqualTo(RejectionReason.MALFORMED);
        }
        if (message.type() != MessageType.PRE_PREPARE
                && message.type() != MessageType.MIN_PREPARE
                && message.type() != MessageType.BATCH_BODY) {
            assertThat(rejected(frame(withBody(good, Bytes.wrap(new byte[1]))), senderOf(message)))
                    .isEqualTo(RejectionReason.MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 28, 127, 128, Integer.MAX_VALUE, -1})
    @DisplayName("X1: an unknown type is rejected")
    void x1AnUnknownTypeIsRejected(int code) {
        Bytes frame = Bytes.wrap(dev.quorate.core.wire.proto.Wire.Envelope.newBuilder()
                .setType(code)
                .build()
                .toByteArray());
        assertThat(rejected(frame, fromReplica(1))).isEqualTo(RejectionReason.UNKNOWN_TYPE);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 255, Integer.MAX_VALUE, -1})
    @DisplayName("X1: an unknown durability of a replica's store is rejected")
    void x1AnUnknownDurabilityIsRejected(int code) {
        Bytes payload = Bytes.wrap(dev.quorate.core.wire.proto.Wire.Inspection.newBuilder()
                .setDurability(code)
                .build()
                .toByteArray());
        Envelope envelope =
                new Envelope(CONFIG.clusterId(), MessageType.INSPECTION, 1, 0, payload, Bytes.EMPTY, Bytes.EMPTY);
        assertThat(rejected(frame(envelope), fromReplica(1))).isEqualTo(RejectionReason.MALFORMED);
    }

    @Test
    @DisplayName("X1: a sender's index out of range is rejected")
    void x1ASenderOutOfRangeIsRejected() {
        for (int sender : new int[] {4, 100, Integer.MAX_VALUE}) {
            Envelope envelope = new Envelope(
                    CONFIG.clusterId(), MessageType.PREPARE, sender, 0, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
            assertThat(rejected(frame(envelope), fromReplica(1))).isEqualTo(RejectionReason.UNKNOWN_SENDER);
        }
        Envelope negative =
                new Envelope(CONFIG.clusterId(), MessageType.PREPARE, -1, 0, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
        assertThat(rejected(frame(negative), fromReplica(1))).isEqualTo(RejectionReason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, MessageCodec.MAX_NUMBER + 1})
    @DisplayName("V2: a view or a sequence number that leaves no room to count on is rejected")
    void v2AHugeViewOrSequenceNumberIsRejected(long number) {
        assertThat(rejected(frame(vote(number, 1)), fromReplica(1))).isEqualTo(RejectionReason.MALFORMED);
        assertThat(rejected(frame(vote(1, number)), fromReplica(1))).isEqualTo(RejectionReason.MALFORMED);
        assertThat(accepted(frame(vote(MessageCodec.MAX_NUMBER, MessageCodec.MAX_NUMBER)), fromReplica(1)))
                .isInstanceOf(Commit.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE})
    @DisplayName("L3: a request's number or session out of range is rejected")
    void l3ANumberOutOfRangeIsRejected(long number) {
        for (boolean session : new boolean[] {true, false}) {
            Bytes payload = Bytes.wrap(dev.quorate.core.wire.proto.Wire.Request.newBuilder()
                    .setSession(session ? number : 1)
                    .setNumber(session ? 1 : number)
                    .build()
                    .toByteArray());
            Envelope envelope =
                    new Envelope(CONFIG.clusterId(), MessageType.REQUEST, 2, 0, payload, Bytes.EMPTY, Bytes.EMPTY);
            assertThat(rejected(frame(envelope), fromClient(2))).isEqualTo(RejectionReason.MALFORMED);
        }
    }

    @Test
    @DisplayName("An operation or a result may be as large as the limit, and not a byte larger")
    void operationsAndResultsUpToTheirLimits() {
        Request largest = new Request(REQUEST_ID, Bytes.wrap(new byte[WireFixture.MAX_OPERATION]));
        Request larger = new Request(REQUEST_ID, Bytes.wrap(new byte[WireFixture.MAX_OPERATION + 1]));
        assertThat(accepted(seal(largest).frame(), fromClient(2))).isEqualTo(largest);
        assertThat(rejected(seal(larger).frame(), fromClient(2))).isEqualTo(RejectionReason.OVERSIZE);

        Reply full = reply(WireFixture.MAX_RESULT);
        assertThat(accepted(seal(full).frame(), fromReplica(1))).isEqualTo(full);
        assertThat(rejected(seal(reply(WireFixture.MAX_RESULT + 1)).frame(), fromReplica(1)))
                .isEqualTo(RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName("X2: a frame beyond the limit is refused before it is looked at")
    void x2AFrameBeyondTheLimitIsRefused() {
        int limit = CONFIG.maxMessageBytes();
        assertThat(rejected(Bytes.wrap(new byte[limit + 1]), fromReplica(1))).isEqualTo(RejectionReason.OVERSIZE);
        assertThat(rejected(Bytes.wrap(new byte[limit]), fromReplica(1))).isEqualTo(RejectionReason.MALFORMED);
        assertThat(rejected(Bytes.EMPTY, fromReplica(1))).isEqualTo(RejectionReason.UNKNOWN_TYPE);
    }

    @Test
    @DisplayName("A payload larger than anything of its type is refused before it is decoded")
    void aPayloadTooLargeForItsTypeIsRefused() {
        Envelope status = seal(new Status(replica(1), View.ZERO, false, SequenceNumber.ZERO, SequenceNumber.ZERO))
                .envelope();
        Envelope padded = new Envelope(
                status.clusterId(), status.type(), 1, 0, Bytes.wrap(new byte[1000]), Bytes.EMPTY, Bytes.EMPTY);
        assertThat(rejected(frame(padded), fromReplica(1))).isEqualTo(RejectionReason.OVERSIZE);
    }

    @Test
    void aSealerSpeaksForItselfOnly() {
        assertThatThrownBy(() -> CLUSTER.replicaSealer(2).seal(PREPARE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CLUSTER.clientSealer(1).seal(REQUEST)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Reply reply(int bytes) {
        return new Reply(replica(1), View.ZERO, REQUEST_ID, Result.ok(Bytes.wrap(new byte[bytes])));
    }

    private static Envelope vote(long view, long sequenceNumber) {
        Bytes payload = Bytes.wrap(dev.quorate.core.wire.proto.Wire.Vote.newBuilder()
                .setView(view)
                .setSequenceNumber(sequenceNumber)
                .setDigest(com.google.protobuf.ByteString.copyFrom(DIGEST.toArray()))
                .build()
                .toByteArray());
        return new Envelope(CONFIG.clusterId(), MessageType.COMMIT, 1, 0, payload, Bytes.EMPTY, Bytes.EMPTY);
    }

    private static Sealer sealer(Message message, Bytes clusterId, long epoch) throws Exception {
        boolean client = message.type().sender() == Sender.CLIENT;
        int id = seal(message).envelope().sender();
        return new Sealer(
                clusterId,
                epoch,
                id,
                SignatureScheme.named(CONFIG.signatureScheme())
                        .signer((client ? CLUSTER.client(id) : CLUSTER.replica(id)).key()),
                Optional.of(TestUsigs.of(id)));
    }

    private static Bytes frame(Envelope envelope) {
        return MessageCodec.encode(envelope);
    }

    private static Envelope with(Envelope e, Bytes signature) {
        return new Envelope(e.clusterId(), e.type(), e.sender(), e.membershipEpoch(), e.payload(), signature, e.body());
    }

    private static Envelope withBody(Envelope e, Bytes body) {
        return new Envelope(e.clusterId(), e.type(), e.sender(), e.membershipEpoch(), e.payload(), e.signature(), body);
    }
}
