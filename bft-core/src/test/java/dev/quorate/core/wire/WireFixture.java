package dev.quorate.core.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.TestUsigs;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.minbft.MinBftRules;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.core.storage.Durability;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Four replicas and four clients with small limits, one good message of each type, and what a validator says. */
final class WireFixture {
    static final int MAX_OPERATION = 200;
    static final int MAX_RESULT = 300;
    static final int MAX_BATCH_REQUESTS = 8;

    static final TestCluster CLUSTER = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults()
                    .with(Limit.MAX_OPERATION_BYTES, MAX_OPERATION)
                    .with(Limit.MAX_RESULT_BYTES, MAX_RESULT)
                    .with(Limit.MAX_BATCH_REQUESTS, MAX_BATCH_REQUESTS));
    static final ClusterConfig CONFIG = CLUSTER.config();
    /** The rules of both protocols, each for its own messages. */
    private static final MessageRules RULES = new MessageRules() {
        private final MessageRules pbft = new PbftRules(CONFIG);
        private final MessageRules minbft = new MinBftRules(new ClusterConfig(
                CONFIG.clusterId(),
                Protocol.MINBFT,
                CONFIG.signatureScheme(),
                CONFIG.replicas(),
                CONFIG.clients(),
                CONFIG.limits()));

        @Override
        public Optional<RejectionReason> violation(Message message) {
            boolean ofMinBft = message.type().name().startsWith("MIN_") || message.type() == MessageType.FETCH_LOG;
            return (ofMinBft ? minbft : pbft).violation(message);
        }
    };

    static final MessageValidator VALIDATOR = new MessageValidator(CONFIG, RULES, TestUsigs.VERIFIER);

    static final Digest DIGEST = Digest.sha256("digest".getBytes(US_ASCII));
    static final RequestId REQUEST_ID = new RequestId(new ClientId(2), 7, 8);

    static final ProposedValues VALUES =
            new ProposedValues(1_800_000_000_000L, Bytes.wrap(new byte[ProposedValues.SEED_BYTES]), text("rate"));

    private WireFixture() {}

    /** One message of each type. */
    static List<Message> messages() {
        return List.of(
                new Request(REQUEST_ID, text("operation")),
                new Reply(replica(1), new View(4), REQUEST_ID, Result.ok(text("value"))),
                proposal(0, 4, 9, batch(request(0, 1, "a"), request(3, 2, "b"))),
                new Prepare(replica(1), new View(4), new SequenceNumber(9), DIGEST),
                new Commit(replica(2), new View(4), new SequenceNumber(9), DIGEST),
                new Checkpoint(replica(3), new SequenceNumber(256), DIGEST),
                new Status(replica(1), new View(4), true, new SequenceNumber(256), new SequenceNumber(300)),
                new Inspect(new ClientId(1), -5),
                new Inspection(replica(2), -5, status(2)),
                new ReqViewChange(replica(2), new View(5)),
                viewChange(2, 5),
                newView(5),
                new Committed(replica(1), new SequenceNumber(257), List.of(DIGEST, Digest.sha256(Bytes.EMPTY))),
                new FetchBatch(replica(1), new SequenceNumber(257), DIGEST),
                new FetchState(replica(1), new SequenceNumber(256), 3),
                new StatePart(replica(1), new SequenceNumber(256), 3, text("chunk")),
                new BatchBody(replica(1), new SequenceNumber(257), batch(request(0, 1, "a"))),
                new Read(REQUEST_ID, text("operation")),
                new ReadReply(
                        replica(1), REQUEST_ID, new SequenceNumber(300), Answer.byDigest(Result.ok(text("value")))),
                new Stable(replica(2), viewChange(2, 5).stable()),
                minPrepare(batch(request(0, 1, "a"))),
                new MinCommit(
                        replica(1),
                        minHeader(),
                        CLUSTER.replicaSealer(0).seal(minHeader()).ui()),
                new MinViewChange(replica(1), new View(5)),
                new MinNewView(
                        replica(1),
                        new View(5),
                        new SequenceNumber(256),
                        List.of(
                                new MinNewView.Reference(replica(0), 7),
                                new MinNewView.Reference(replica(1), 8),
                                new MinNewView.Reference(replica(3), 9))),
                new MinStatus(
                        replica(1),
                        new View(4),
                        true,
                        new SequenceNumber(256),
                        new SequenceNumber(300),
                        List.of(7L, 0L, 300L, 1L << 40)),
                new FetchLog(replica(1), replica(2), 17),
                new Rejoin(replica(1), 3, Bytes.wrap(DIGEST.toArray()), Bytes.EMPTY));
    }

    private static MinPrepare minPrepare(Batch batch) {
        return new MinPrepare(replica(0), new View(4), new SequenceNumber(9), batch.digest(), 17, Optional.of(batch));
    }

    private static MinPrepare minHeader() {
        return new MinPrepare(replica(0), new View(4), new SequenceNumber(9), DIGEST, 17, Optional.empty());
    }

    /** A VIEW-CHANGE with checkpoint 256 and one batch that prepared at 258 in view 4. */
    static ViewChange viewChange(int replica, long view) {
        List<Signed<Checkpoint>> checkpoints = new ArrayList<>();
        List<Signed<Prepare>> prepares = new ArrayList<>();
        SequenceNumber at = new SequenceNumber(258);
        for (int i = 1; i < 4; i++) {
            checkpoints.add(signed(i, new Checkpoint(replica(i), new SequenceNumber(256), DIGEST)));
        }
        for (int i = 1; i < 3; i++) {
            prepares.add(signed(i, new Prepare(replica(i), new View(4), at, DIGEST)));
        }
        PrePrepare proposal = new PrePrepare(replica(0), new View(4), at, DIGEST, Optional.empty());
        return new ViewChange(
                replica(replica),
                new View(view),
                new StableCertificate(checkpoints),
                List.of(new PreparedCertificate(signed(0, proposal), prepares)));
    }

    static NewView newView(long view) {
        ReplicaId primary = new View(view).primary(4);
        List<Signed<ViewChange>> viewChanges = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            viewChanges.add(signed(i, viewChange(i, view)));
        }
        List<Signed<PrePrepare>> proposals = new ArrayList<>();
        for (Digest digest : List.of(Batches.nullBatch().digest(), DIGEST)) {
            SequenceNumber at = new SequenceNumber(257 + proposals.size());
            proposals.add(
                    signed(primary.value(), new PrePrepare(primary, new View(view), at, digest, Optional.empty())));
        }
        return new NewView(primary, new View(view), viewChanges, proposals);
    }

    static <M extends ReplicaMessage> Signed<M> signed(int replica, M message) {
        return CLUSTER.replicaSealer(replica).seal(message).signed();
    }

    static ReplicaStatus status(int replica) {
        return new ReplicaStatus(
                replica(replica),
                new View(4),
                replica(0),
                new SequenceNumber(301),
                new SequenceNumber(300),
                new SequenceNumber(256),
                17,
                List.of(replica(0), replica(1), replica(3)),
                5,
                6,
                7,
                Optional.empty(),
                Optional.of(Durability.SYNC));
    }

    static PrePrepare proposal(int primary, long view, long sequenceNumber, Batch batch) {
        return new PrePrepare(
                replica(primary),
                new View(view),
                new SequenceNumber(sequenceNumber),
                batch.digest(),
                Optional.of(batch));
    }

    static Verified<Request> request(int client, long number, String operation) {
        return request(client, number, text(operation));
    }

    static Verified<Request> request(int client, long number, Bytes operation) {
        return CLUSTER.clientSealer(client)
                .seal(new Request(new RequestId(new ClientId(client), 1, number), operation));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static Batch batch(Verified<Request>... requests) {
        return batch(List.of(requests));
    }

    static Batch batch(List<Verified<Request>> requests) {
        return Batches.of(requests, VALUES.timeMillis(), Bytes.EMPTY, VALUES.prediction());
    }

    /** A batch of whatever stands in {@code frames}: what a faulty primary may put together. */
    static Batch batchOfFrames(Bytes... frames) {
        Bytes encoded = MessageCodec.encodeBatch(List.of(frames), VALUES);
        return new Batch(Optional.empty(), List.of(), ProposedValues.NONE, encoded, MessageCodec.batchDigest(encoded));
    }

    static <M extends Message> Verified<M> seal(M message) {
        return message instanceof ClientMessage said
                ? CLUSTER.clientSealer(said.client().value()).seal(message)
                : CLUSTER.replicaSealer(((ReplicaMessage) message).replica().value())
                        .seal(message);
    }

    /** The end of the channel over which {@code message} comes from its sender. */
    static Peer senderOf(Message message) {
        return message instanceof ClientMessage said
                ? new Peer.OfClient(said.client())
                : new Peer.OfReplica(((ReplicaMessage) message).replica());
    }

    static Message accepted(Bytes frame, Peer from) {
        Validation validation = VALIDATOR.validate(frame, from);
        assertThat(validation).isInstanceOf(Validation.Accepted.class);
        return ((Validation.Accepted) validation).message().message();
    }

    static RejectionReason rejected(Bytes frame, Peer from) {
        Validation validation = VALIDATOR.validate(frame, from);
        assertThat(validation).isInstanceOf(Validation.Rejected.class);
        Validation.Rejected rejected = (Validation.Rejected) validation;
        assertThat(rejected.detail()).isNotBlank().hasSizeLessThan(200);
        return rejected.reason();
    }

    static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(US_ASCII));
    }

    static ReplicaId replica(int id) {
        return new ReplicaId(id);
    }

    static Peer fromReplica(int id) {
        return new Peer.OfReplica(replica(id));
    }

    static Peer fromClient(int id) {
        return new Peer.OfClient(new ClientId(id));
    }
}
