package dev.quorate.core.wire;

import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Sender;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.crypto.Signer;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Puts what one replica or one client says into envelopes, and signs where the type of message asks for it. */
public final class Sealer {
    private final Bytes clusterId;
    private final long membershipEpoch;
    private final int self;
    private final Signer signer;
    private final Optional<Usig> usig;
    private final UiDrafts drafts;

    /**
     * @param membershipEpoch of the configuration in force; not used for what clients say
     * @param self the id of the replica or client
     */
    public Sealer(Bytes clusterId, long membershipEpoch, int self, Signer signer) {
        this(clusterId, membershipEpoch, self, signer, Optional.empty());
    }

    /** The same for a replica with a USIG. What carries a UI may only be sealed by one thread at a time. */
    public Sealer(Bytes clusterId, long membershipEpoch, int self, Signer signer, Optional<Usig> usig) {
        this(clusterId, membershipEpoch, self, signer, usig, UiDrafts.NONE);
    }

    /** The same for a replica with a USIG that goes on after a restart. */
    public Sealer(
            Bytes clusterId, long membershipEpoch, int self, Signer signer, Optional<Usig> usig, UiDrafts drafts) {
        this.usig = usig;
        this.drafts = drafts;
        this.clusterId = clusterId;
        this.membershipEpoch = membershipEpoch;
        this.self = self;
        this.signer = signer;
    }

    /** Whether what gets a UI is noted before, and so may outlive records of the replica that are not durable yet. */
    public boolean keepsDrafts() {
        return drafts.outliveCrashes();
    }

    /**
     * Seals {@code message}.
     *
     * @throws IllegalArgumentException if it does not name this replica or client as its sender
     */
    public <M extends Message> Verified<M> seal(M message) {
        if (senderOf(message) != self) {
            throw new IllegalArgumentException("not for " + self + " to say: " + message);
        }
        Bytes body = bodyOf(message);
        long epoch = message.type().sender() == Sender.CLIENT ? 0 : membershipEpoch;
        Envelope unsigned = new Envelope(
                clusterId, message.type(), self, epoch, MessageCodec.encodePayload(message), Bytes.EMPTY, body);
        Envelope envelope =
                switch (message.type().proof()) {
                    case SIGNATURE -> unsigned.with(Bytes.wrap(signer.sign(unsigned.signedBytes())));
                    case UI -> unsigned.with(Ui.encode(createUi(unsigned)));
                    case CHANNEL -> unsigned;
                };
        return new Verified<>(message, envelope, MessageCodec.encode(envelope));
    }

    /**
     * Puts what somebody else said, and a verified message quoted, into an envelope of its own again: to pass it on.
     * Not for messages with something beside them.
     */
    public <M extends ReplicaMessage> Verified<M> quote(Signed<M> quoted) {
        Envelope envelope = Envelope.quoting(clusterId, membershipEpoch, quoted);
        return new Verified<>(quoted.message(), envelope, MessageCodec.encode(envelope));
    }

    /** A header that was quoted without its batch, and the batch: the frame in which its sender might have sent both. */
    public Verified<PrePrepare> quote(Signed<PrePrepare> header, Batch batch) {
        PrePrepare quoted = header.message();
        PrePrepare whole = new PrePrepare(
                quoted.replica(), quoted.view(), quoted.sequenceNumber(), quoted.digest(), Optional.of(batch));
        Envelope envelope = Envelope.quoting(clusterId, membershipEpoch, header).beside(batch.encoded());
        return new Verified<>(whole, envelope, MessageCodec.encode(envelope));
    }

    private static Bytes bodyOf(Message message) {
        if (message instanceof PrePrepare prePrepare) {
            return prePrepare.batch().map(Batch::encoded).orElse(Bytes.EMPTY);
        }
        if (message instanceof MinPrepare prepare) {
            return prepare.batch().map(Batch::encoded).orElse(Bytes.EMPTY);
        }
        return message instanceof BatchBody body ? body.batch().encoded() : Bytes.EMPTY;
    }

    private static int senderOf(Message message) {
        return message instanceof ClientMessage said
                ? said.client().value()
                : ((ReplicaMessage) message).replica().value();
    }

    private UniqueIdentifier createUi(Envelope unsigned) {
        Usig own = usig.orElseThrow(() -> new IllegalStateException("no USIG for " + unsigned.type()));
        try {
            if (drafts != UiDrafts.NONE) {
                drafts.note(MessageCodec.encode(unsigned));
            }
            return own.createUi(Digest.sha256(unsigned.signedBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("the USIG does not work", e);
        }
    }
}
