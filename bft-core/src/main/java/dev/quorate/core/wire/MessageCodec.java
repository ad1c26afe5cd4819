package dev.quorate.core.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.core.ClientId;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MessageVisitor;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.wire.proto.Wire;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages to payloads and back. Stateless; decoding refuses whatever is not exactly the schema. */
final class MessageCodec {
    /** Room for computing with the numbers of a message without overflow, whatever a faulty sender wrote. */
    static final long MAX_NUMBER = 1L << 62;

    private static final MessageVisitor<MessageLite> TO_PAYLOAD = new PayloadWriter();

    private MessageCodec() {}

    // --- envelopes

    static Bytes encode(Envelope envelope) {
        return Bytes.wrap(Wire.Envelope.newBuilder()
                .setClusterId(share(envelope.clusterId()))
                .setType(envelope.type().code())
                .setSender(envelope.sender())
                .setMembershipEpoch(envelope.membershipEpoch())
                .setPayload(share(envelope.payload()))
                .setSignature(share(envelope.signature()))
                .setBody(share(envelope.body()))
                .build()
                .toByteArray());
    }

    static Envelope decodeEnvelope(Bytes frame) throws RejectedException {
        Shapes.ENVELOPE.check(frame.unsafeArray(), 0);
        try {
            Wire.Envelope wire = Wire.Envelope.parseFrom(input(frame));
            MessageType type = MessageType.ofCode(wire.getType())
                    .orElseThrow(() -> new RejectedException(RejectionReason.UNKNOWN_TYPE, "type " + wire.getType()));
            if (wire.getSender() < 0 || wire.getMembershipEpoch() < 0) {
                throw new RejectedException(RejectionReason.MALFORMED, "number out of range");
            }
            return new Envelope(
                    own(wire.getClusterId()),
                    type,
                    wire.getSender(),
                    wire.getMembershipEpoch(),
                    own(wire.getPayload()),
                    own(wire.getSignature()),
                    own(wire.getBody()));
        } catch (IOException e) {
            throw new RejectedException(RejectionReason.MALFORMED, "not an envelope");
        }
    }

    // --- payloads

    static Bytes encodePayload(Message message) {
        return Bytes.wrap(message.accept(TO_PAYLOAD).toByteArray());
    }

    /**
     * Decodes what {@code envelope} carries; a batch beside it is decoded by {@link #openBatch}.
     *
     * @param bounds how many positions and replicas a message may speak of
     */
    static Message decodePayload(Envelope envelope, Bounds bounds) throws RejectedException {
        int elements = envelope.type() == MessageType.COMMITTED ? bounds.committed() : bounds.all();
        Shapes.payload(envelope.type()).check(envelope.payload().unsafeArray(), elements);
        try {
            CodedInputStream payload = input(envelope.payload());
            return switch (envelope.type()) {
                case REQUEST -> request(envelope.sender(), Wire.Request.parseFrom(payload));
                case REPLY -> reply(envelope.sender(), Wire.Reply.parseFrom(payload));
                case READ -> read(envelope.sender(), Wire.Read.parseFrom(payload));
                case READ_REPLY -> readReply(envelope.sender(), Wire.ReadReply.parseFrom(payload));
                case PRE_PREPARE -> prePrepare(envelope.sender(), Wire.Vote.parseFrom(payload));
                case PREPARE -> prepare(envelope.sender(), Wire.Vote.parseFrom(payload));
                case COMMIT -> commit(envelope.sender(), Wire.Vote.parseFrom(payload));
                case CHECKPOINT -> CertificateCodec.checkpoint(envelope.sender(), Wire.Checkpoint.parseFrom(payload));
                case STATUS -> status(envelope.sender(), Wire.Status.parseFrom(payload));
                case REQ_VIEW_CHANGE ->
                    new ReqViewChange(
                            new ReplicaId(envelope.sender()),
                            new View(
                                    number(Wire.ReqViewChange.parseFrom(payload).getView())));
                case VIEW_CHANGE ->
                    CertificateCodec.viewChange(envelope.sender(), Wire.ViewChange.parseFrom(payload), bounds);
                case NEW_VIEW -> CertificateCodec.newView(envelope.sender(), Wire.NewView.parseFrom(payload), bounds);
                case COMMITTED -> committed(envelope.sender(), Wire.Committed.parseFrom(payload));
                case FETCH_BATCH -> fetchBatch(envelope.sender(), Wire.FetchBatch.parseFrom(payload));
                case FETCH_STATE -> fetchState(envelope.sender(), Wire.FetchState.parseFrom(payload));
                case STATE_PART -> statePart(envelope.sender(), Wire.StatePart.parseFrom(payload));
                case BATCH_BODY -> batchBody(envelope.sender(), Wire.BatchBody.parseFrom(payload));
                case STABLE ->
                    new Stable(
                            new ReplicaId(envelope.sender()),
                            CertificateCodec.stable(Wire.StableCertificate.parseFrom(payload), bounds));
                case MIN_PREPARE -> MinCodec.prepare(envelope.sender(), Wire.MinPrepare.parseFrom(payload));
                case MIN_COMMIT ->
                    MinCodec.commit(envelope.sender(), Wire.MinCommit.parseFrom(payload), bounds.replicas());
                case MIN_VIEW_CHANGE -> MinCodec.viewChange(envelope.sender(), Wire.MinViewChange.parseFrom(payload));
                case MIN_NEW_VIEW -> MinCodec.newView(envelope.sender(), Wire.MinNewView.parseFrom(payload), bounds);
                case MIN_STATUS -> MinCodec.status(envelope.sender(), Wire.MinStatus.parseFrom(payload), bounds);
                case FETCH_LOG -> MinCodec.fetchLog(envelope.sender(), Wire.FetchLog.parseFrom(payload));
                case REJOIN -> rejoin(envelope.sender(), Wire.Rejoin.parseFrom(payload));
                case INSPECT ->
                    new Inspect(
                            new ClientId(envelope.sender()),
                            Wire.Inspect.parseFrom(payload).getNonce());
                case INSPECTION -> inspection(envelope.sender(), Wire.Inspection.parseFrom(payload));
            };
        } catch (IOException e) {
            throw new RejectedException(RejectionReason.MALFORMED, "not a " + envelope.type());
        } catch (IllegalArgumentException e) {
            // The records' own checks: a negative view, a digest of the wrong length.
            throw new RejectedException(RejectionReason.MALFORMED, envelope.type() + " with a value out of range");
        }
    }

    private static Request request(int sender, Wire.Request wire) {
        return new Request(
                new RequestId(new ClientId(sender), number(wire.getSession()), number(wire.getNumber())),
                own(wire.getOperation()));
    }

    private static Reply reply(int sender, Wire.Reply wire) {
        return new Reply(
                new ReplicaId(sender),
                new View(number(wire.getView())),
                new RequestId(new ClientId(wire.getClient()), number(wire.getSession()), number(wire.getNumber())),
                answer(wire.getOutcome(), wire.getValue(), wire.getDigest()));
    }

    private static Read read(int sender, Wire.Read wire) {
        return new Read(
                new RequestId(new ClientId(sender), number(wire.getSession()), number(wire.getNumber())),
                own(wire.getOperation()));
    }

    private static ReadReply readReply(int sender, Wire.ReadReply wire) {
        return new ReadReply(
                new ReplicaId(sender),
                new RequestId(new ClientId(wire.getClient()), number(wire.getSession()), number(wire.getNumber())),
                new SequenceNumber(number(wire.getStamp())),
                answer(wire.getOutcome(), wire.getValue(), wire.getDigest()));
    }

    /** A result or its digest, never both: one answer has one encoding. */
    private static Answer answer(int outcome, ByteString value, ByteString digest) {
        if (digest.isEmpty()) {
            return Answer.whole(new Result(Result.Outcome.ofCode(outcome), own(value)));
        }
        if (outcome != 0 || !value.isEmpty()) {
            throw new IllegalArgumentException("a result beside its digest");
        }
        return new Answer(Optional.empty(), digest(digest));
    }

    private static int outcome(Answer answer) {
        return answer.whole().map(result -> result.outcome().code()).orElse(0);
    }

    private static ByteString digest(Answer answer) {
        return answer.whole().isPresent() ? ByteString.EMPTY : share(answer.digest());
    }

    private static PrePrepare prePrepare(int sender, Wire.Vote wire) {
        return new PrePrepare(
                new ReplicaId(sender),
                new View(number(wire.getView())),
                new SequenceNumber(number(wire.getSequenceNumber())),
                digest(wire.getDigest()),
                Optional.empty());
    }

    private static Prepare prepare(int sender, Wire.Vote wire) {
        return new Prepare(
                new ReplicaId(sender),
                new View(number(wire.getView())),
                new SequenceNumber(number(wire.getSequenceNumber())),
                digest(wire.getDigest()));
    }

    private static Commit commit(int sender, Wire.Vote wire) {
        return new Commit(
                new ReplicaId(sender),
                new View(number(wire.getView())),
                new SequenceNumber(number(wire.getSequenceNumber())),
                digest(wire.getDigest()));
    }

    private static Status status(int sender, Wire.Status wire) {
        return new Status(
                new ReplicaId(sender),
                new View(number(wire.getView())),
                wire.getWaiting(),
                new SequenceNumber(number(wire.getStable())),
                new SequenceNumber(number(wire.getExecuted())));
    }

    private static Committed committed(int sender, Wire.Committed wire) {
        return new Committed(
                new ReplicaId(sender),
                new SequenceNumber(number(wire.getFrom())),
                wire.getDigestsList().stream().map(MessageCodec::digest).toList());
    }

    private static Rejoin rejoin(int sender, Wire.Rejoin wire) {
        return new Rejoin(
                new ReplicaId(sender), number(wire.getIncarnation()), own(wire.getNonce()), own(wire.getUsig()));
    }

    private static FetchBatch fetchBatch(int sender, Wire.FetchBatch wire) {
        return new FetchBatch(
                new ReplicaId(sender), new SequenceNumber(number(wire.getSequenceNumber())), digest(wire.getDigest()));
    }

    private static FetchState fetchState(int sender, Wire.FetchState wire) {
        return new FetchState(
                new ReplicaId(sender), new SequenceNumber(number(wire.getSequenceNumber())), wire.getPart());
    }

    private static StatePart statePart(int sender, Wire.StatePart wire) {
        return new StatePart(
                new ReplicaId(sender),
                new SequenceNumber(number(wire.getSequenceNumber())),
                wire.getPart(),
                own(wire.getContent()));
    }

    /** The batch is still to be decoded. */
    private static BatchBody batchBody(int sender, Wire.BatchBody wire) {
        return new BatchBody(
                new ReplicaId(sender),
                new SequenceNumber(number(wire.getSequenceNumber())),
                new Batch(Optional.empty(), List.of(), ProposedValues.NONE, Bytes.EMPTY, digest(wire.getDigest())));
    }

    private static Inspection inspection(int sender, Wire.Inspection wire) {
        List<ReplicaId> connected = new ArrayList<>();
        for (int id : wire.getConnectedReplicasList()) {
            connected.add(new ReplicaId(id));
        }
        ReplicaId replica = new ReplicaId(sender);
        return new Inspection(
                replica,
                wire.getNonce(),
                new ReplicaStatus(
                        replica,
                        new View(number(wire.getView())),
                        new ReplicaId(wire.getPrimary()),
                        new SequenceNumber(number(wire.getOrdered())),
                        new SequenceNumber(number(wire.getExecuted())),
                        new SequenceNumber(number(wire.getStable())),
                        wire.getPendingRequests(),
                        connected,
                        wire.getConnectedClients(),
                        wire.getRejectedMessages(),
                        wire.getSurplusMessages(),
                        wire.getRejoining() == 0
                                ? Optional.empty()
                                : Optional.of(new SequenceNumber(number(wire.getRejoining()) - 1)),
                        durability(wire.getDurability())));
    }

    private static int code(Durability durability) {
        return switch (durability) {
            case MEMORY -> 1;
            case ASYNC -> 2;
            case SYNC -> 3;
        };
    }

    private static Optional<Durability> durability(int code) {
        return switch (code) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Durability.MEMORY);
            case 2 -> Optional.of(Durability.ASYNC);
            case 3 -> Optional.of(Durability.SYNC);
            default -> throw new IllegalArgumentException("durability " + code);
        };
    }

    // --- batches

    static Bytes encodeBatch(List<Bytes> requestFrames, ProposedValues values) {
        Wire.Batch.Builder batch = Wire.Batch.newBuilder()
                .setTimeMillis(values.timeMillis())
                .setSeed(share(values.seed()))
                .setPrediction(share(values.prediction()));
        for (Bytes frame : requestFrames) {
            batch.addRequests(share(frame));
        }
        return Bytes.wrap(batch.build().toByteArray());
    }

    /** A batch whose requests are still to be looked at. */
    record OpenedBatch(ProposedValues values, List<Bytes> requestFrames) {}

    /** Takes a batch of at most {@code maxRequests} apart. */
    static OpenedBatch openBatch(Bytes encoded, int maxRequests) throws RejectedException {
        Shapes.BATCH.check(encoded.unsafeArray(), maxRequests);
        try {
            Wire.Batch batch = Wire.Batch.parseFrom(input(encoded));
            ProposedValues values =
                    new ProposedValues(number(batch.getTimeMillis()), own(batch.getSeed()), own(batch.getPrediction()));
            if (!values.equals(ProposedValues.NONE) && values.seed().length() != ProposedValues.SEED_BYTES) {
                throw new RejectedException(RejectionReason.MALFORMED, "a batch with unfit values");
            }
            return new OpenedBatch(
                    values,
                    batch.getRequestsList().stream().map(MessageCodec::own).toList());
        } catch (IOException e) {
            throw new RejectedException(RejectionReason.MALFORMED, "not a batch");
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectionReason.MALFORMED, "a batch with a value out of range");
        }
    }

    /** The digest that stands for a batch. Null batches have one, too: that of no bytes. */
    static Digest batchDigest(Bytes encoded) {
        return Digest.sha256(encoded);
    }

    static long number(long value) {
        if (value < 0 || value > MAX_NUMBER) {
            throw new IllegalArgumentException("number " + value);
        }
        return value;
    }

    static Digest digest(ByteString bytes) {
        return Digest.of(bytes.toByteArray());
    }

    /** Lets protobuf refer to {@code bytes} instead of copying them: {@link #own} makes the only copy. */
    static CodedInputStream input(Bytes bytes) {
        CodedInputStream in = share(bytes).newCodedInput();
        in.enableAliasing(true);
        return in;
    }

    static Bytes own(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    static ByteString share(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
    }

    static ByteString share(Digest digest) {
        return UnsafeByteOperations.unsafeWrap(digest.toArray());
    }

    /** The sender is not part of a payload: the envelope has it, and the signature covers it. */
    private static final class PayloadWriter implements MessageVisitor<MessageLite> {
        @Override
        public MessageLite visit(Request request) {
            return Wire.Request.newBuilder()
                    .setSession(request.id().session())
                    .setNumber(request.id().number())
                    .setOperation(share(request.operation()))
                    .build();
        }

        @Override
        public MessageLite visit(PrePrepare prePrepare) {
            return vote(prePrepare.view(), prePrepare.sequenceNumber(), prePrepare.digest());
        }

        @Override
        public MessageLite visit(Prepare prepare) {
            return vote(prepare.view(), prepare.sequenceNumber(), prepare.digest());
        }

        @Override
        public MessageLite visit(Commit commit) {
            return vote(commit.view(), commit.sequenceNumber(), commit.digest());
        }

        private static MessageLite vote(View view, SequenceNumber sequenceNumber, Digest digest) {
            return Wire.Vote.newBuilder()
                    .setView(view.number())
                    .setSequenceNumber(sequenceNumber.value())
                    .setDigest(share(digest))
                    .build();
        }

        @Override
        public MessageLite visit(Checkpoint checkpoint) {
            return CertificateCodec.write(checkpoint);
        }

        @Override
        public MessageLite visit(Stable stable) {
            return CertificateCodec.write(stable.certificate());
        }

        @Override
        public MessageLite visit(MinPrepare prepare) {
            return MinCodec.write(prepare);
        }

        @Override
        public MessageLite visit(MinCommit commit) {
            return MinCodec.write(commit);
        }

        @Override
        public MessageLite visit(MinViewChange viewChange) {
            return MinCodec.write(viewChange);
        }

        @Override
        public MessageLite visit(MinNewView newView) {
            return MinCodec.write(newView);
        }

        @Override
        public MessageLite visit(MinStatus status) {
            return MinCodec.write(status);
        }

        @Override
        public MessageLite visit(FetchLog fetchLog) {
            return MinCodec.write(fetchLog);
        }

        @Override
        public MessageLite visit(Status status) {
            return Wire.Status.newBuilder()
                    .setView(status.view().number())
                    .setWaiting(status.waiting())
                    .setStable(status.stable().value())
                    .setExecuted(status.executed().value())
                    .build();
        }

        @Override
        public MessageLite visit(ReqViewChange reqViewChange) {
            return Wire.ReqViewChange.newBuilder()
                    .setView(reqViewChange.view().number())
                    .build();
        }

        @Override
        public MessageLite visit(Rejoin rejoin) {
            return Wire.Rejoin.newBuilder()
                    .setIncarnation(rejoin.incarnation())
                    .setNonce(share(rejoin.nonce()))
                    .setUsig(share(rejoin.usig()))
                    .build();
        }

        @Override
        public MessageLite visit(ViewChange viewChange) {
            return CertificateCodec.write(viewChange);
        }

        @Override
        public MessageLite visit(NewView newView) {
            return CertificateCodec.write(newView);
        }

        @Override
        public MessageLite visit(Committed committed) {
            Wire.Committed.Builder wire =
                    Wire.Committed.newBuilder().setFrom(committed.from().value());
            committed.digests().forEach(digest -> wire.addDigests(share(digest)));
            return wire.build();
        }

        @Override
        public MessageLite visit(FetchBatch fetchBatch) {
            return Wire.FetchBatch.newBuilder()
                    .setSequenceNumber(fetchBatch.sequenceNumber().value())
                    .setDigest(share(fetchBatch.digest()))
                    .build();
        }

        @Override
        public MessageLite visit(FetchState fetchState) {
            return Wire.FetchState.newBuilder()
                    .setSequenceNumber(fetchState.sequenceNumber().value())
                    .setPart(fetchState.part())
                    .build();
        }

        @Override
        public MessageLite visit(StatePart statePart) {
            return Wire.StatePart.newBuilder()
                    .setSequenceNumber(statePart.sequenceNumber().value())
                    .setPart(statePart.part())
                    .setContent(share(statePart.content()))
                    .build();
        }

        @Override
        public MessageLite visit(BatchBody batchBody) {
            return Wire.BatchBody.newBuilder()
                    .setSequenceNumber(batchBody.sequenceNumber().value())
                    .setDigest(share(batchBody.batch().digest()))
                    .build();
        }

        @Override
        public MessageLite visit(Reply reply) {
            return Wire.Reply.newBuilder()
                    .setView(reply.view().number())
                    .setClient(reply.request().client().value())
                    .setSession(reply.request().session())
                    .setNumber(reply.request().number())
                    .setOutcome(outcome(reply.answer()))
                    .setValue(share(reply.answer().value()))
                    .setDigest(digest(reply.answer()))
                    .build();
        }

        @Override
        public MessageLite visit(Read read) {
            return Wire.Read.newBuilder()
                    .setSession(read.id().session())
                    .setNumber(read.id().number())
                    .setOperation(share(read.operation()))
                    .build();
        }

        @Override
        public MessageLite visit(ReadReply reply) {
            return Wire.ReadReply.newBuilder()
                    .setClient(reply.read().client().value())
                    .setSession(reply.read().session())
                    .setNumber(reply.read().number())
                    .setStamp(reply.stamp().value())
                    .setOutcome(outcome(reply.answer()))
                    .setValue(share(reply.answer().value()))
                    .setDigest(digest(reply.answer()))
                    .build();
        }

        @Override
        public MessageLite visit(Inspect inspect) {
            return Wire.Inspect.newBuilder().setNonce(inspect.nonce()).build();
        }

        @Override
        public MessageLite visit(Inspection inspection) {
            ReplicaStatus status = inspection.status();
            Wire.Inspection.Builder wire = Wire.Inspection.newBuilder()
                    .setNonce(inspection.nonce())
                    .setView(status.view().number())
                    .setPrimary(status.primary().value())
                    .setOrdered(status.ordered().value())
                    .setExecuted(status.executed().value())
                    .setStable(status.stable().value())
                    .setPendingRequests(status.pendingRequests())
                    .setConnectedClients(status.connectedClients())
                    .setRejectedMessages(status.rejectedMessages())
                    .setSurplusMessages(status.surplusMessages())
                    .setRejoining(status.rejoining().map(at -> at.value() + 1).orElse(0L))
                    .setDurability(status.durability().map(MessageCodec::code).orElse(0));
            for (ReplicaId connected : status.connectedReplicas()) {
                wire.addConnectedReplicas(connected.value());
            }
            return wire.build();
        }
    }
}
