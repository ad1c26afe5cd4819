package dev.quorate.core.wire;

import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Sender;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Signer;

/** Puts what one replica or one client says into envelopes, and signs where the type of message asks for it. */
public final class Sealer {
    private final Bytes clusterId;
    private final long membershipEpoch;
    private final int self;
    private final Signer signer;

    /**
     * @param membershipEpoch of the configuration in force; not used for what clients say
     * @param self the id of the replica or client
     */
    public Sealer(Bytes clusterId, long membershipEpoch, int self, Signer signer) {
        this.clusterId = clusterId;
        this.membershipEpoch = membershipEpoch;
        this.self = self;
        this.signer = signer;
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
        Envelope envelope = message.type().isSigned() ? sign(unsigned) : unsigned;
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

    private static Bytes bodyOf(Message message) {
        if (message instanceof PrePrepare prePrepare) {
            return prePrepare.batch().map(Batch::encoded).orElse(Bytes.EMPTY);
        }
        return message instanceof BatchBody body ? body.batch().encoded() : Bytes.EMPTY;
    }

    private static int senderOf(Message message) {
        return message instanceof ClientMessage said
                ? said.client().value()
                : ((ReplicaMessage) message).replica().value();
    }

    private Envelope sign(Envelope unsigned) {
        return new Envelope(
                unsigned.clusterId(),
                unsigned.type(),
                unsigned.sender(),
                unsigned.membershipEpoch(),
                unsigned.payload(),
                Bytes.wrap(signer.sign(unsigned.signedBytes())),
                unsigned.body());
    }
}
