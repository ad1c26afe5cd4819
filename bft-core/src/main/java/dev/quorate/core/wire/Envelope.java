package dev.quorate.core.wire;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MessageType.Proof;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UniqueIdentifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message as it goes over the wire: the exact bytes that its sender signed, who that is, and the signature.
 *
 * @param sender a replica's or a client's id, as the type says
 * @param membershipEpoch 0 in what clients send
 * @param signature what the type asks for: a signature, a UI in its place, or nothing
 * @param body what travels beside the signed payload, which holds its digest
 */
public record Envelope(
        Bytes clusterId,
        MessageType type,
        int sender,
        long membershipEpoch,
        Bytes payload,
        Bytes signature,
        Bytes body) {
    private static final byte[] DOMAIN = "quorate-v1\0".getBytes(StandardCharsets.US_ASCII);

    /** The envelope in which a quoted message came first, without what travelled beside it. */
    static Envelope quoting(Bytes clusterId, long membershipEpoch, Signed<? extends ReplicaMessage> quoted) {
        ReplicaMessage message = quoted.message();
        return new Envelope(
                clusterId,
                message.type(),
                message.replica().value(),
                membershipEpoch,
                MessageCodec.encodePayload(message),
                quoted.signature(),
                Bytes.EMPTY);
    }

    /** The same with {@code content} beside the signed payload. */
    Envelope beside(Bytes content) {
        return new Envelope(clusterId, type, sender, membershipEpoch, payload, signature, content);
    }

    /** The UI that {@code sender} gave the message in a frame, as it stands there; empty if this is no such frame. */
    public static Optional<UniqueIdentifier> uiOf(Bytes frame, ReplicaId sender) {
        try {
            Envelope envelope = MessageCodec.decodeEnvelope(frame);
            boolean itsOwn = envelope.type.proof() == Proof.UI && envelope.sender == sender.value();
            return itsOwn ? Optional.of(Ui.decode(envelope.signature)) : Optional.empty();
        } catch (RejectedException e) {
            return Optional.empty();
        }
    }

    /** The same with {@code proof} as its signature. */
    Envelope with(Bytes proof) {
        return new Envelope(clusterId, type, sender, membershipEpoch, payload, proof, body);
    }

    /**
     * The bytes that the signature covers. Everything before the payload has a fixed length, so that no two envelopes
     * share them; and they start with a domain tag, so that no signature made for another purpose fits.
     */
    byte[] signedBytes() {
        byte[] cluster = clusterId.unsafeArray();
        byte[] content = payload.unsafeArray();
        return ByteBuffer.allocate(DOMAIN.length + cluster.length + 16 + content.length)
                .put(DOMAIN)
                .put(cluster)
                .putInt(type.code())
                .putInt(sender)
                .putLong(membershipEpoch)
                .put(content)
                .array();
    }
}
