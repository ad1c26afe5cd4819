package dev.quorate.core.wire;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MessageType.Sender;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinPrepare;
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
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.message.ViewChange;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gate: bytes from a channel go in, and a {@link Verified} message or a reason comes out. Stateless, so that any
 * number of threads may validate at once. The checks go from cheap to expensive.
 */
public final class MessageValidator {
    /** A payload without an operation or a result: a few numbers and a digest. */
    private static final int MAX_SMALL_PAYLOAD_BYTES = 128;
    /** A UI, and a few numbers. */
    private static final int MAX_STREAM_POSITION_BYTES = 1200;
    /** A CHECKPOINT without stream positions, and its signature. */
    private static final int MAX_CHECKPOINT_BYTES = 512;

    private final ClusterConfig config;
    private final MessageRules rules;
    private final SignatureChecker signatures;
    private final Bounds bounds;
    private final int maxMessageBytes;

    /** Validates what replicas get in a cluster without USIGs: from each other, and from clients. */
    public MessageValidator(ClusterConfig config, MessageRules rules) {
        this(config, rules, UiVerifier.NONE);
    }

    /** Validates what replicas get: from each other, and from clients. */
    public MessageValidator(ClusterConfig config, MessageRules rules, UiVerifier usigs) {
        this(config, rules, config.clients(), usigs);
    }

    /**
     * Validates what clients get. A client has no use for the keys of other clients, and checking them would make
     * hundreds of clients in one process expensive.
     */
    public static MessageValidator forClient(ClusterConfig config, MessageRules rules) {
        return new MessageValidator(config, rules, List.of(), UiVerifier.NONE);
    }

    private MessageValidator(ClusterConfig config, MessageRules rules, List<ClientInfo> clients, UiVerifier usigs) {
        this.config = config;
        this.rules = rules;
        this.signatures = new SignatureChecker(config, clients, usigs);
        this.bounds = Bounds.of(config);
        this.maxMessageBytes = config.maxMessageBytes();
    }

    /** Validates what arrived over the channel of {@code from}. */
    public Validation validate(Bytes frame, Peer from) {
        if (frame.length() > maxMessageBytes) {
            return new Validation.Rejected(RejectionReason.OVERSIZE, "frame of " + frame.length() + " bytes");
        }
        try {
            Envelope envelope = MessageCodec.decodeEnvelope(frame);
            requirePermitted(envelope, from);
            return new Validation.Accepted(open(envelope, frame));
        } catch (RejectedException e) {
            return new Validation.Rejected(e.reason(), e.getMessage());
        }
    }

    /** Who may send what over which channel. Signed messages may be passed on by replicas, not by clients. */
    private static void requirePermitted(Envelope envelope, Peer from) throws RejectedException {
        MessageType type = envelope.type();
        if (from instanceof Peer.OfClient client) {
            if (type.sender() != Sender.CLIENT) {
                throw new RejectedException(RejectionReason.NOT_PERMITTED, type + " from a client");
            }
            requireSender(envelope, client.id().value());
        } else if (from instanceof Peer.OfReplica replica && !type.isTransferable()) {
            if (type.sender() != Sender.REPLICA) {
                // Without a signature, only the client's own channel shows that a client said it.
                throw new RejectedException(RejectionReason.NOT_PERMITTED, type + " passed on by a replica");
            }
            requireSender(envelope, replica.id().value());
        }
    }

    private static void requireSender(Envelope envelope, int expected) throws RejectedException {
        if (envelope.sender() != expected) {
            throw new RejectedException(
                    RejectionReason.WRONG_SENDER, envelope.type() + " in the name of " + envelope.sender());
        }
    }

    private Verified<? extends Message> open(Envelope envelope, Bytes frame) throws RejectedException {
        if (!envelope.clusterId().equals(config.clusterId())) {
            throw new RejectedException(RejectionReason.FOREIGN_CLUSTER, "another cluster's id");
        }
        if (envelope.membershipEpoch() != 0) {
            throw new RejectedException(RejectionReason.WRONG_EPOCH, "membership epoch " + envelope.membershipEpoch());
        }
        signatures.requireKnownSender(envelope);
        requireSize(envelope);
        Message message = MessageCodec.decodePayload(envelope, bounds);
        requireContentSize(message);
        Optional<RejectionReason> violation = rules.violation(message);
        if (violation.isPresent()) {
            throw new RejectedException(violation.get(), envelope.type() + " breaks a rule of the protocol");
        }
        signatures.requireProof(envelope);
        requireQuotedSignatures(message);
        if (message instanceof Stable stable) {
            requireNoBody(envelope);
            return new Verified<>(message, envelope, frame, unproven(stable));
        }
        if (message instanceof PrePrepare prePrepare) {
            return new Verified<>(withBatch(prePrepare, envelope.body()), envelope, frame);
        }
        if (message instanceof MinPrepare prepare) {
            return new Verified<>(withBatch(prepare, envelope.body()), envelope, frame);
        }
        if (message instanceof BatchBody body) {
            Batch batch = batch(body.batch().digest(), envelope.body());
            return new Verified<>(new BatchBody(body.replica(), body.sequenceNumber(), batch), envelope, frame);
        }
        requireNoBody(envelope);
        return new Verified<>(message, envelope, frame);
    }

    private static void requireNoBody(Envelope envelope) throws RejectedException {
        if (!envelope.body().isEmpty()) {
            throw new RejectedException(RejectionReason.MALFORMED, envelope.type() + " with a body");
        }
    }

    /** A message is worth as much as what it quotes. */
    private void requireQuotedSignatures(Message message) throws RejectedException {
        if (message instanceof ViewChange viewChange) {
            requireQuotedSignatures(viewChange);
        } else if (message instanceof NewView newView) {
            for (Signed<ViewChange> viewChange : newView.viewChanges()) {
                requireSignature(viewChange);
                requireQuotedSignatures(viewChange.message());
            }
            for (Signed<PrePrepare> proposal : newView.proposals()) {
                requireSignature(proposal);
            }
        } else if (message instanceof Checkpoint checkpoint) {
            List<Unproven> unproven = unproven(checkpoint);
            if (!unproven.isEmpty()) {
                throw new RejectedException(
                        RejectionReason.BAD_SIGNATURE,
                        "the UI of a VIEW-CHANGE of " + unproven.get(0).of());
            }
        } else if (message instanceof Stable stable) {
            for (Signed<Checkpoint> checkpoint : stable.certificate().checkpoints()) {
                requireSignature(checkpoint);
            }
        } else if (message instanceof MinCommit commit) {
            requireUi(commit.prepare(), commit.prepareUi());
        }
    }

    /**
     * The VIEW-CHANGEs named in a certificate that this replica cannot verify. That is no reason to reject it: whoever was
     * away when a USIG of a new epoch was accepted has to catch up before it knows that, and by a certificate only. And what
     * one replica believes the others have to, whatever USIGs they know.
     */
    private List<Unproven> unproven(Stable stable) {
        return stable.certificate().checkpoints().stream()
                .flatMap(checkpoint -> unproven(checkpoint.message()).stream())
                .distinct()
                .toList();
    }

    private List<Unproven> unproven(Checkpoint checkpoint) {
        List<Unproven> unproven = new ArrayList<>();
        for (int i = 0; i < checkpoint.streams().size(); i++) {
            ReplicaId of = new ReplicaId(i);
            checkpoint
                    .streams()
                    .get(i)
                    .left()
                    .filter(left -> !isProven(of, left))
                    .ifPresent(left -> unproven.add(new Unproven(of, left)));
        }
        return unproven;
    }

    private boolean isProven(ReplicaId of, StreamPosition.Left left) {
        try {
            requireUi(new MinViewChange(of, left.view()), left.ui());
            return true;
        } catch (RejectedException e) {
            return false;
        }
    }

    private void requireUi(ReplicaMessage message, UniqueIdentifier ui) throws RejectedException {
        requireSignature(new Signed<>(message, Ui.encode(ui)));
    }

    private void requireQuotedSignatures(ViewChange viewChange) throws RejectedException {
        for (Signed<Checkpoint> checkpoint : viewChange.stable().checkpoints()) {
            requireSignature(checkpoint);
        }
        for (PreparedCertificate prepared : viewChange.prepared()) {
            requireSignature(prepared.proposal());
            for (Signed<Prepare> prepare : prepared.prepares()) {
                requireSignature(prepare);
            }
        }
    }

    private void requireSignature(Signed<? extends ReplicaMessage> quoted) throws RejectedException {
        signatures.requireProof(Envelope.quoting(config.clusterId(), 0, quoted));
    }

    /** Keeps what is decoded within bounds; {@link #requireContentSize} is exact. */
    private void requireSize(Envelope envelope) throws RejectedException {
        int operation =
                switch (envelope.type()) {
                    case REQUEST, READ -> config.limits().get(Limit.MAX_OPERATION_BYTES);
                    case REPLY, READ_REPLY -> config.limits().get(Limit.MAX_RESULT_BYTES);
                    case INSPECTION -> ClusterConfig.MAX_REPLICAS * 2;
                    case VIEW_CHANGE -> config.maxViewChangeBytes();
                    case NEW_VIEW -> config.maxNewViewBytes();
                    case STATE_PART -> config.maxStatePartBytes();
                    case CHECKPOINT -> config.n() * MAX_STREAM_POSITION_BYTES;
                    case STABLE -> config.n() * (MAX_CHECKPOINT_BYTES + config.n() * MAX_STREAM_POSITION_BYTES);
                    case REJOIN -> Rejoin.MAX_USIG_BYTES;
                    case MIN_COMMIT -> MAX_STREAM_POSITION_BYTES;
                    case MIN_NEW_VIEW, MIN_STATUS -> config.n() * 2 * Long.BYTES * 2;
                    case COMMITTED -> bounds.committed() * (Digest.LENGTH + 2);
                    default -> 0;
                };
        if (envelope.payload().length() > operation + MAX_SMALL_PAYLOAD_BYTES) {
            throw new RejectedException(
                    RejectionReason.OVERSIZE,
                    envelope.type() + " of " + envelope.payload().length() + " bytes");
        }
    }

    private void requireContentSize(Message message) throws RejectedException {
        boolean tooLarge = false;
        if (message instanceof Request request) {
            tooLarge = request.operation().length() > config.limits().get(Limit.MAX_OPERATION_BYTES);
        } else if (message instanceof Read read) {
            tooLarge = read.operation().length() > config.limits().get(Limit.MAX_OPERATION_BYTES);
        } else if (message instanceof Reply reply) {
            tooLarge = reply.answer().value().length() > config.limits().get(Limit.MAX_RESULT_BYTES);
        } else if (message instanceof ReadReply reply) {
            tooLarge = reply.answer().value().length() > config.limits().get(Limit.MAX_RESULT_BYTES);
        }
        if (tooLarge) {
            throw new RejectedException(RejectionReason.OVERSIZE, message.type() + " with too large a content");
        }
    }

    private PrePrepare withBatch(PrePrepare header, Bytes body) throws RejectedException {
        return new PrePrepare(
                header.replica(),
                header.view(),
                header.sequenceNumber(),
                header.digest(),
                Optional.of(batch(header.digest(), body)));
    }

    private MinPrepare withBatch(MinPrepare header, Bytes body) throws RejectedException {
        return new MinPrepare(
                header.replica(),
                header.view(),
                header.sequenceNumber(),
                header.digest(),
                header.newView(),
                Optional.of(batch(header.digest(), body)));
    }

    /** Larger ones than a correct primary's would fit into no answer to a replica that lacks them, and perhaps no record. */
    private Batch batch(Digest digest, Bytes body) throws RejectedException {
        if (body.length() > config.limits().maxProposalBytes()) {
            throw new RejectedException(RejectionReason.OVERSIZE, "a batch of " + body.length() + " bytes");
        }
        if (!MessageCodec.batchDigest(body).equals(digest)) {
            throw new RejectedException(RejectionReason.WRONG_DIGEST, "the batch is not the one that was named");
        }
        MessageCodec.OpenedBatch opened =
                MessageCodec.openBatch(body, config.limits().get(Limit.MAX_BATCH_REQUESTS));
        if (opened.values().prediction().length() > config.limits().get(Limit.MAX_PREDICTION_BYTES)) {
            throw new RejectedException(RejectionReason.OVERSIZE, "a batch with too large a prediction");
        }
        Optional<Rejoin> rejoin = Optional.empty();
        List<Request> requests = new ArrayList<>();
        for (Bytes frame : opened.requestFrames()) {
            Message nested = nested(frame);
            if (nested instanceof Rejoin alone && opened.requestFrames().size() == 1) {
                rejoin = Optional.of(alone);
            } else if (nested instanceof Request request) {
                requests.add(request);
            } else {
                throw new RejectedException(RejectionReason.FORGED_REQUEST, "a REJOIN that is not alone in its batch");
            }
        }
        if (requests.isEmpty() != opened.values().equals(ProposedValues.NONE)) {
            throw new RejectedException(RejectionReason.MALFORMED, "a batch with unfit values");
        }
        return new Batch(rejoin, requests, opened.values(), body, digest);
    }

    private Message nested(Bytes frame) throws RejectedException {
        try {
            Envelope envelope = MessageCodec.decodeEnvelope(frame);
            // Checked before the envelope is opened: a PRE-PREPARE inside a batch would nest without end.
            if (envelope.type() == MessageType.REQUEST || envelope.type() == MessageType.REJOIN) {
                return open(envelope, frame).message();
            }
            throw new RejectedException(RejectionReason.FORGED_REQUEST, envelope.type() + " in a batch");
        } catch (RejectedException e) {
            throw new RejectedException(RejectionReason.FORGED_REQUEST, "a request in the batch: " + e.getMessage());
        }
    }
}
