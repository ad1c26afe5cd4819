package dev.quorate.core.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.PreparedCertificate;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.proto.Wire;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages that quote others, to payloads and back. What is quoted is written without repetition: all votes that prepare
 * a batch sign the same payload. Each part is looked over before it is parsed.
 */
final class CertificateCodec {
    private CertificateCodec() {}

    // --- reading

    static ViewChange viewChange(int sender, Wire.ViewChange wire, Bounds bounds)
            throws RejectedException, IOException {
        requireAtMost(bounds.positions(), wire.getPreparedCount());
        List<PreparedCertificate> prepared = new ArrayList<>(wire.getPreparedCount());
        for (ByteString certificate : wire.getPreparedList()) {
            prepared.add(prepared(Wire.PreparedCertificate.parseFrom(
                    checked(certificate, Shapes.PREPARED_CERTIFICATE, bounds.replicas()))));
        }
        StableCertificate stable = stable(
                Wire.StableCertificate.parseFrom(
                        checked(wire.getStable(), Shapes.STABLE_CERTIFICATE, bounds.replicas())),
                bounds);
        return new ViewChange(new ReplicaId(sender), new View(MessageCodec.number(wire.getView())), stable, prepared);
    }

    static NewView newView(int sender, Wire.NewView wire, Bounds bounds) throws RejectedException, IOException {
        requireAtMost(bounds.replicas(), wire.getViewChangesCount());
        List<Signed<ViewChange>> viewChanges = new ArrayList<>(wire.getViewChangesCount());
        for (ByteString part : wire.getViewChangesList()) {
            Wire.SignedViewChange signed = Wire.SignedViewChange.parseFrom(checked(part, Shapes.SIGNED_VIEW_CHANGE, 0));
            Wire.ViewChange inner =
                    Wire.ViewChange.parseFrom(checked(signed.getViewChange(), Shapes.VIEW_CHANGE, bounds.positions()));
            viewChanges.add(new Signed<>(
                    viewChange(signed.getReplica(), inner, bounds), MessageCodec.own(signed.getSignature())));
        }
        ReplicaId replica = new ReplicaId(sender);
        View view = new View(MessageCodec.number(wire.getView()));
        SequenceNumber at = new SequenceNumber(MessageCodec.number(wire.getLow()));
        require(wire.getProposalsCount() > 0 || wire.getLow() == 0, "a position of no proposals");
        List<Signed<PrePrepare>> proposals = new ArrayList<>(wire.getProposalsCount());
        for (ByteString part : wire.getProposalsList()) {
            at = at.next();
            Wire.Proposal proposal = Wire.Proposal.parseFrom(checked(part, Shapes.PROPOSAL, 0));
            Digest digest = MessageCodec.digest(proposal.getDigest());
            proposals.add(new Signed<>(
                    new PrePrepare(replica, view, at, digest, Optional.empty()),
                    MessageCodec.own(proposal.getSignature())));
        }
        return new NewView(replica, view, viewChanges, proposals);
    }

    static StableCertificate stable(Wire.StableCertificate wire, Bounds bounds) throws RejectedException, IOException {
        List<Signed<Checkpoint>> checkpoints = new ArrayList<>(wire.getCheckpointsCount());
        for (ByteString part : wire.getCheckpointsList()) {
            Wire.SignedCheckpoint signed = Wire.SignedCheckpoint.parseFrom(checked(part, Shapes.SIGNED_CHECKPOINT, 0));
            Wire.Checkpoint checkpoint =
                    Wire.Checkpoint.parseFrom(checked(signed.getCheckpoint(), Shapes.CHECKPOINT, bounds.replicas()));
            checkpoints.add(
                    new Signed<>(checkpoint(signed.getReplica(), checkpoint), MessageCodec.own(signed.getSignature())));
        }
        return new StableCertificate(checkpoints);
    }

    static Checkpoint checkpoint(int sender, Wire.Checkpoint wire) throws RejectedException, IOException {
        List<StreamPosition> streams = new ArrayList<>(wire.getStreamsCount());
        for (ByteString part : wire.getStreamsList()) {
            Wire.StreamPosition position = Wire.StreamPosition.parseFrom(checked(part, Shapes.STREAM_POSITION, 0));
            Optional<StreamPosition.Left> left = Optional.empty();
            if (!position.getUi().isEmpty()) {
                View view = new View(MessageCodec.number(position.getLeftFor()));
                left = Optional.of(new StreamPosition.Left(view, Ui.decode(MessageCodec.own(position.getUi()))));
            }
            require(left.isPresent() || position.getLeftFor() == 0, "a VIEW-CHANGE without its UI");
            streams.add(new StreamPosition(MessageCodec.number(position.getCounter()), left));
        }
        return new Checkpoint(
                new ReplicaId(sender),
                new SequenceNumber(MessageCodec.number(wire.getSequenceNumber())),
                MessageCodec.digest(wire.getRoot()),
                streams);
    }

    private static PreparedCertificate prepared(Wire.PreparedCertificate wire) throws RejectedException, IOException {
        Wire.Vote vote = Wire.Vote.parseFrom(checked(wire.getVote(), Shapes.VOTE, 0));
        View view = new View(MessageCodec.number(vote.getView()));
        SequenceNumber at = new SequenceNumber(MessageCodec.number(vote.getSequenceNumber()));
        Digest digest = MessageCodec.digest(vote.getDigest());
        List<Signed<Prepare>> prepares = new ArrayList<>(wire.getPreparesCount());
        for (ByteString part : wire.getPreparesList()) {
            Wire.Signature signature = signature(part);
            prepares.add(new Signed<>(
                    new Prepare(new ReplicaId(signature.getReplica()), view, at, digest),
                    MessageCodec.own(signature.getSignature())));
        }
        Wire.Signature proposal = signature(wire.getProposal());
        return new PreparedCertificate(
                new Signed<>(
                        new PrePrepare(new ReplicaId(proposal.getReplica()), view, at, digest, Optional.empty()),
                        MessageCodec.own(proposal.getSignature())),
                prepares);
    }

    private static Wire.Signature signature(ByteString part) throws RejectedException, IOException {
        return Wire.Signature.parseFrom(checked(part, Shapes.SIGNATURE, 0));
    }

    static void requireAtMost(int max, int count) throws RejectedException {
        if (count > max) {
            throw new RejectedException(RejectionReason.OVERSIZE, "more than " + max + " elements");
        }
    }

    private static void require(boolean condition, String otherwise) throws RejectedException {
        if (!condition) {
            throw new RejectedException(RejectionReason.MALFORMED, otherwise);
        }
    }

    static CodedInputStream checked(ByteString part, WireShape shape, int maxElements) throws RejectedException {
        Bytes bytes = MessageCodec.own(part);
        shape.check(bytes.unsafeArray(), maxElements);
        return MessageCodec.input(bytes);
    }

    // --- writing

    static Wire.ViewChange write(ViewChange viewChange) {
        Wire.ViewChange.Builder wire = Wire.ViewChange.newBuilder()
                .setView(viewChange.view().number())
                .setStable(write(viewChange.stable()).toByteString());
        for (PreparedCertificate prepared : viewChange.prepared()) {
            wire.addPrepared(write(prepared).toByteString());
        }
        return wire.build();
    }

    static Wire.NewView write(NewView newView) {
        Wire.NewView.Builder wire =
                Wire.NewView.newBuilder().setView(newView.view().number());
        for (Signed<ViewChange> viewChange : newView.viewChanges()) {
            wire.addViewChanges(Wire.SignedViewChange.newBuilder()
                    .setReplica(viewChange.message().replica().value())
                    .setViewChange(write(viewChange.message()).toByteString())
                    .setSignature(MessageCodec.share(viewChange.signature()))
                    .build()
                    .toByteString());
        }
        if (!newView.proposals().isEmpty()) {
            wire.setLow(newView.proposals().get(0).message().sequenceNumber().value() - 1);
        }
        for (Signed<PrePrepare> proposal : newView.proposals()) {
            wire.addProposals(Wire.Proposal.newBuilder()
                    .setDigest(MessageCodec.share(proposal.message().digest()))
                    .setSignature(MessageCodec.share(proposal.signature()))
                    .build()
                    .toByteString());
        }
        return wire.build();
    }

    static Wire.StableCertificate write(StableCertificate stable) {
        Wire.StableCertificate.Builder wire = Wire.StableCertificate.newBuilder();
        for (Signed<Checkpoint> checkpoint : stable.checkpoints()) {
            wire.addCheckpoints(Wire.SignedCheckpoint.newBuilder()
                    .setReplica(checkpoint.message().replica().value())
                    .setCheckpoint(MessageCodec.share(MessageCodec.encodePayload(checkpoint.message())))
                    .setSignature(MessageCodec.share(checkpoint.signature()))
                    .build()
                    .toByteString());
        }
        return wire.build();
    }

    static Wire.Checkpoint write(Checkpoint checkpoint) {
        Wire.Checkpoint.Builder wire = Wire.Checkpoint.newBuilder()
                .setSequenceNumber(checkpoint.sequenceNumber().value())
                .setRoot(MessageCodec.share(checkpoint.root()));
        for (StreamPosition position : checkpoint.streams()) {
            Wire.StreamPosition.Builder stream =
                    Wire.StreamPosition.newBuilder().setCounter(position.counter());
            position.left()
                    .ifPresent(left ->
                            stream.setLeftFor(left.view().number()).setUi(MessageCodec.share(Ui.encode(left.ui()))));
            wire.addStreams(stream.build().toByteString());
        }
        return wire.build();
    }

    private static MessageLite write(PreparedCertificate prepared) {
        Wire.PreparedCertificate.Builder wire = Wire.PreparedCertificate.newBuilder()
                .setVote(MessageCodec.share(
                        MessageCodec.encodePayload(prepared.proposal().message())))
                .setProposal(signature(prepared.proposal()));
        prepared.prepares().forEach(prepare -> wire.addPrepares(signature(prepare)));
        return wire.build();
    }

    private static <M extends ReplicaMessage> ByteString signature(Signed<M> signed) {
        return Wire.Signature.newBuilder()
                .setReplica(signed.message().replica().value())
                .setSignature(MessageCodec.share(signed.signature()))
                .build()
                .toByteString();
    }
}
