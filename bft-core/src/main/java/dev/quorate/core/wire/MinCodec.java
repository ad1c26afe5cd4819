package dev.quorate.core.wire;

import com.google.protobuf.ByteString;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.wire.proto.Wire;
import dev.quorate.usig.UniqueIdentifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The messages of MinBFT, to payloads and back. */
final class MinCodec {
    private MinCodec() {}

    // --- reading

    static MinPrepare prepare(int sender, Wire.MinPrepare wire) {
        return new MinPrepare(
                new ReplicaId(sender),
                new View(MessageCodec.number(wire.getView())),
                new SequenceNumber(MessageCodec.number(wire.getSequenceNumber())),
                MessageCodec.digest(wire.getDigest()),
                MessageCodec.number(wire.getNewView()),
                Optional.empty());
    }

    /** @param n the number of replicas, which says who is the primary of a view */
    static MinCommit commit(int sender, Wire.MinCommit wire, int n) throws RejectedException {
        View view = new View(MessageCodec.number(wire.getView()));
        MinPrepare prepare = new MinPrepare(
                view.primary(n),
                view,
                new SequenceNumber(MessageCodec.number(wire.getSequenceNumber())),
                MessageCodec.digest(wire.getDigest()),
                MessageCodec.number(wire.getNewView()),
                Optional.empty());
        UniqueIdentifier ui = Ui.decode(MessageCodec.own(wire.getPrepareUi()));
        return new MinCommit(new ReplicaId(sender), prepare, ui);
    }

    static MinViewChange viewChange(int sender, Wire.MinViewChange wire) {
        return new MinViewChange(new ReplicaId(sender), new View(MessageCodec.number(wire.getView())));
    }

    static MinNewView newView(int sender, Wire.MinNewView wire, Bounds bounds) throws RejectedException, IOException {
        CertificateCodec.requireAtMost(bounds.replicas(), wire.getViewChangesCount());
        List<MinNewView.Reference> references = new ArrayList<>();
        for (ByteString part : wire.getViewChangesList()) {
            Wire.Reference reference = Wire.Reference.parseFrom(CertificateCodec.checked(part, Shapes.REFERENCE, 0));
            references.add(new MinNewView.Reference(
                    new ReplicaId(reference.getReplica()), MessageCodec.number(reference.getCounter())));
        }
        return new MinNewView(
                new ReplicaId(sender),
                new View(MessageCodec.number(wire.getView())),
                new SequenceNumber(MessageCodec.number(wire.getLow())),
                references);
    }

    static MinStatus status(int sender, Wire.MinStatus wire, Bounds bounds) throws RejectedException {
        CertificateCodec.requireAtMost(bounds.replicas(), wire.getHandledCount());
        return new MinStatus(
                new ReplicaId(sender),
                new View(MessageCodec.number(wire.getView())),
                wire.getWaiting(),
                new SequenceNumber(MessageCodec.number(wire.getStable())),
                new SequenceNumber(MessageCodec.number(wire.getExecuted())),
                wire.getHandledList().stream().map(MessageCodec::number).toList());
    }

    static FetchLog fetchLog(int sender, Wire.FetchLog wire) {
        return new FetchLog(new ReplicaId(sender), new ReplicaId(wire.getOf()), MessageCodec.number(wire.getFrom()));
    }

    // --- writing

    static Wire.MinPrepare write(MinPrepare prepare) {
        return Wire.MinPrepare.newBuilder()
                .setView(prepare.view().number())
                .setSequenceNumber(prepare.sequenceNumber().value())
                .setDigest(MessageCodec.share(prepare.digest()))
                .setNewView(prepare.newView())
                .build();
    }

    static Wire.MinCommit write(MinCommit commit) {
        MinPrepare prepare = commit.prepare();
        return Wire.MinCommit.newBuilder()
                .setView(prepare.view().number())
                .setSequenceNumber(prepare.sequenceNumber().value())
                .setDigest(MessageCodec.share(prepare.digest()))
                .setNewView(prepare.newView())
                .setPrepareUi(MessageCodec.share(Ui.encode(commit.prepareUi())))
                .build();
    }

    static Wire.MinViewChange write(MinViewChange viewChange) {
        return Wire.MinViewChange.newBuilder()
                .setView(viewChange.view().number())
                .build();
    }

    static Wire.MinNewView write(MinNewView newView) {
        Wire.MinNewView.Builder wire = Wire.MinNewView.newBuilder()
                .setView(newView.view().number())
                .setLow(newView.low().value());
        for (MinNewView.Reference reference : newView.viewChanges()) {
            wire.addViewChanges(Wire.Reference.newBuilder()
                    .setReplica(reference.replica().value())
                    .setCounter(reference.counter())
                    .build()
                    .toByteString());
        }
        return wire.build();
    }

    static Wire.MinStatus write(MinStatus status) {
        return Wire.MinStatus.newBuilder()
                .setView(status.view().number())
                .setWaiting(status.waiting())
                .setStable(status.stable().value())
                .setExecuted(status.executed().value())
                .addAllHandled(status.handled())
                .build();
    }

    static Wire.FetchLog write(FetchLog fetchLog) {
        return Wire.FetchLog.newBuilder()
                .setOf(fetchLog.of().value())
                .setFrom(fetchLog.from())
                .build();
    }
}
