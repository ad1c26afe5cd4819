package dev.quorate.core.wire;

import static dev.quorate.core.wire.WireFixture.CONFIG;
import static dev.quorate.core.wire.WireFixture.MAX_BATCH_REQUESTS;
import static dev.quorate.core.wire.WireFixture.accepted;
import static dev.quorate.core.wire.WireFixture.batch;
import static dev.quorate.core.wire.WireFixture.batchOfFrames;
import static dev.quorate.core.wire.WireFixture.fromReplica;
import static dev.quorate.core.wire.WireFixture.proposal;
import static dev.quorate.core.wire.WireFixture.rejected;
import static dev.quorate.core.wire.WireFixture.request;
import static dev.quorate.core.wire.WireFixture.seal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a faulty primary may put into a batch, or beside a header. */
class BatchValidationTest {
    private final Verified<Request> good = request(1, 1, "transfer 5 to Ada");

    @Test
    void aNullBatchHasTheDigestOfNoBytes() {
        Message received = accepted(seal(proposal(0, 4, 9, Batches.nullBatch())).frame(), fromReplica(0));

        assertThat(((PrePrepare) received).batch()).contains(Batches.nullBatch());
        assertThat(Batches.nullBatch().requests()).isEmpty();
        assertThat(Batches.nullBatch().digest().toHex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    @DisplayName("P2: a batch with a request that its client did not sign is rejected")
    void p2AForgedRequestInABatchIsRejected() {
        Envelope signed = good.envelope();
        Bytes altered = Bytes.wrap(new String(signed.payload().toArray(), java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("Ada", "Eve")
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        assertForged(MessageCodec.encode(
                new Envelope(signed.clusterId(), signed.type(), 1, 0, altered, signed.signature(), Bytes.EMPTY)));
        assertForged(MessageCodec.encode(new Envelope(
                signed.clusterId(), signed.type(), 2, 0, signed.payload(), signed.signature(), Bytes.EMPTY)));
        assertForged(MessageCodec.encode(
                new Envelope(signed.clusterId(), signed.type(), 1, 0, signed.payload(), Bytes.EMPTY, Bytes.EMPTY)));
        assertForged(MessageCodec.encode(new Envelope(
                signed.clusterId(), signed.type(), 99, 0, signed.payload(), signed.signature(), Bytes.EMPTY)));
    }

    @Test
    @DisplayName("P2: a request for another cluster, damaged, or too large makes the batch a forgery")
    void p2AnUnusableRequestMakesTheBatchAForgery() {
        Envelope signed = good.envelope();
        assertForged(MessageCodec.encode(new Envelope(
                Bytes.wrap(new byte[] {1}), signed.type(), 1, 0, signed.payload(), signed.signature(), Bytes.EMPTY)));
        assertForged(Bytes.EMPTY);
        assertForged(Bytes.wrap(new byte[] {1, 2, 3}));
        assertForged(request(1, 1, Bytes.wrap(new byte[WireFixture.MAX_OPERATION + 1]))
                .frame());
    }

    @Test
    @DisplayName("X3: only requests may stand in a batch: a PRE-PREPARE would nest without end")
    void x3OnlyRequestsMayStandInABatch() {
        Bytes nested = seal(proposal(0, 4, 1, batch(good))).frame();
        for (int depth = 0; depth < 20; depth++) {
            assertForged(nested);
            nested = seal(proposal(0, 4, 1, batchOfFrames(nested))).frame();
        }
        for (Message message : WireFixture.messages()) {
            if (message.type() != MessageType.REQUEST) {
                assertForged(seal(message).frame());
            }
        }
    }

    @Test
    @DisplayName("B1: a batch that is not the one that was signed is rejected")
    void b1AnotherBatchThanTheSignedOneIsRejected() {
        Envelope header = seal(proposal(0, 4, 9, batch(good))).envelope();
        Bytes other = batch(request(1, 1, "transfer 5 to Eve")).encoded();

        for (Bytes body : List.of(other, Bytes.EMPTY, Bytes.wrap(new byte[] {10}))) {
            Bytes frame = MessageCodec.encode(
                    new Envelope(header.clusterId(), header.type(), 0, 0, header.payload(), header.signature(), body));
            assertThat(rejected(frame, fromReplica(0))).isEqualTo(RejectionReason.WRONG_DIGEST);
        }
    }

    @Test
    @DisplayName("P9: a batch holds as many requests as the limit says, and not one more")
    void p9ABatchHoldsAsManyRequestsAsTheLimitSays() {
        List<Verified<Request>> requests = new ArrayList<>();
        for (int i = 1; i <= MAX_BATCH_REQUESTS; i++) {
            requests.add(request(1, i, "a"));
        }
        Message full =
                accepted(seal(proposal(0, 4, 9, WireFixture.batch(requests))).frame(), fromReplica(0));
        assertThat(((PrePrepare) full).batch().orElseThrow().requests()).hasSize(MAX_BATCH_REQUESTS);

        requests.add(request(1, MAX_BATCH_REQUESTS + 1, "a"));
        assertThat(rejected(seal(proposal(0, 4, 9, WireFixture.batch(requests))).frame(), fromReplica(0)))
                .isEqualTo(RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName(
            "P9: a batch has no more bytes than a correct primary puts into one, although larger messages are valid")
    void p9ABatchHasNoMoreBytesThanTheLimitSays() {
        int operation = 4096;
        TestCluster cluster = TestCluster.of(
                Protocol.PBFT,
                4,
                1,
                Limits.defaults()
                        .with(Limit.MAX_OPERATION_BYTES, operation)
                        .with(Limit.MAX_BATCH_BYTES, 4 * operation)
                        .with(Limit.MAX_BATCH_REQUESTS, 64));
        ClusterConfig config = cluster.config();
        MessageValidator validator = new MessageValidator(config, new PbftRules(config), TestUsigs.VERIFIER);
        List<Verified<Request>> requests = new ArrayList<>();
        for (int i = 1; i <= 64; i++) {
            RequestId id = new RequestId(new ClientId(0), 1, i);
            requests.add(cluster.clientSealer(0).seal(new Request(id, Bytes.wrap(new byte[operation]))));
        }
        Batch good = WireFixture.batch(requests.subList(0, 5));
        Batch large = WireFixture.batch(requests);
        assertThat(large.encoded().length()).isLessThan(config.maxMessageBytes());

        Sealer sealer = cluster.replicaSealer(0);
        for (Message message :
                List.of(proposal(0, 4, 9, good), new BatchBody(new ReplicaId(0), new SequenceNumber(9), good))) {
            assertThat(validator.validate(sealer.seal(message).frame(), fromReplica(0)))
                    .isInstanceOf(Validation.Accepted.class);
        }
        for (Message message :
                List.of(proposal(0, 4, 9, large), new BatchBody(new ReplicaId(0), new SequenceNumber(9), large))) {
            assertThat(validator.validate(sealer.seal(message).frame(), fromReplica(0)))
                    .isInstanceOfSatisfying(
                            Validation.Rejected.class,
                            rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.OVERSIZE));
        }
    }

    @Test
    @DisplayName("P10: a seed has 32 bytes, a null batch no values, and a prediction is not too long")
    void p10ValuesHaveTheirSizes() {
        Bytes seed = Bytes.wrap(new byte[ProposedValues.SEED_BYTES]);
        Bytes longest = Bytes.wrap(new byte[CONFIG.limits().get(Limit.MAX_PREDICTION_BYTES)]);
        Bytes tooLong = Bytes.wrap(new byte[longest.length() + 1]);
        List<Bytes> one = List.of(good.frame());

        assertThat(accepted(
                        seal(proposal(0, 4, 9, encoded(one, new ProposedValues(5, seed, longest))))
                                .frame(),
                        fromReplica(0)))
                .isInstanceOfSatisfying(
                        PrePrepare.class,
                        received -> assertThat(received.batch().orElseThrow().values())
                                .isEqualTo(new ProposedValues(5, seed, longest)));
        assertUnfit(one, new ProposedValues(5, seed, tooLong), RejectionReason.OVERSIZE);
        assertUnfit(one, new ProposedValues(5, Bytes.EMPTY, Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(one, new ProposedValues(5, Bytes.wrap(new byte[31]), Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(one, new ProposedValues(5, Bytes.wrap(new byte[33]), Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(one, new ProposedValues(-1, seed, Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(one, new ProposedValues(Long.MAX_VALUE, seed, Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(List.of(), new ProposedValues(5, Bytes.EMPTY, Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(List.of(), new ProposedValues(0, seed, Bytes.EMPTY), RejectionReason.MALFORMED);
        assertUnfit(List.of(), new ProposedValues(0, Bytes.EMPTY, seed), RejectionReason.MALFORMED);
    }

    private static Batch encoded(List<Bytes> frames, ProposedValues values) {
        Bytes encoded = MessageCodec.encodeBatch(frames, values);
        return new Batch(Optional.empty(), List.of(), values, encoded, MessageCodec.batchDigest(encoded));
    }

    private static void assertUnfit(List<Bytes> frames, ProposedValues values, RejectionReason reason) {
        Bytes frame = seal(proposal(0, 4, 9, encoded(frames, values))).frame();
        assertThat(rejected(frame, fromReplica(0))).as(values.toString()).isEqualTo(reason);
    }

    @Test
    @DisplayName("Whoever poses as primary does not get a whole batch of signatures verified")
    void aForgedHeaderCostsOneVerification() {
        Batch batch = batchOfFrames(Bytes.wrap(new byte[] {1}));
        Envelope forged = seal(proposal(0, 4, 9, batch)).envelope();
        Bytes frame = MessageCodec.encode(new Envelope(
                forged.clusterId(), forged.type(), 0, 0, forged.payload(), Bytes.wrap(new byte[64]), batch.encoded()));

        // The forged request inside is not reached.
        assertThat(rejected(frame, fromReplica(1))).isEqualTo(RejectionReason.BAD_SIGNATURE);
    }

    @Test
    void aProposalNamesTheBatchBesideIt() {
        PrePrepare proposal = proposal(0, 4, 9, batch(good));
        assertThatThrownBy(() -> new PrePrepare(
                        proposal.replica(),
                        proposal.view(),
                        proposal.sequenceNumber(),
                        proposal.digest(),
                        Optional.of(Batches.nullBatch())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The good request first and last: one bad one spoils the batch, wherever it stands. */
    private void assertForged(Bytes frame) {
        Batch batch = batchOfFrames(good.frame(), frame, good.frame());
        assertThat(batch.encoded().length()).isLessThan(CONFIG.limits().maxBatchMessageBytes());
        assertThat(rejected(seal(proposal(0, 4, 9, batch)).frame(), fromReplica(0)))
                .isEqualTo(RejectionReason.FORGED_REQUEST);
    }
}
