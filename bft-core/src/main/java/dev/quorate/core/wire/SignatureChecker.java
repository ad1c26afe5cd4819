package dev.quorate.core.wire;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.MessageType.Sender;
import dev.quorate.crypto.Digest;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.crypto.SignatureVerifier;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Knows the keys of the cluster, and remembers what it has verified lately: a view change quotes what everybody has
 * seen, batches come again with retransmissions, and hashing costs a hundredth of verifying. Thread-safe.
 *
 * <p>Bound: {@value #REMEMBERED} digests.
 */
final class SignatureChecker {
    /** A power of two; several windows of votes of a small cluster. */
    private static final int REMEMBERED = 1 << 14;

    private final ClusterConfig config;
    private final UiVerifier usigs;
    private final int signatureLength;
    private final List<SignatureVerifier> replicaKeys = new ArrayList<>();
    private final Map<ClientId, SignatureVerifier> clientKeys = new HashMap<>();
    /** What verified, each digest at the place that it names itself; a newer one takes the place of an older. */
    private final AtomicReferenceArray<Digest> verified;

    /** Knows the replicas, and these clients. */
    SignatureChecker(ClusterConfig config, List<ClientInfo> clients, UiVerifier usigs) {
        this.config = config;
        this.usigs = usigs;
        // Who knows no clients is one, and gets nothing that is signed.
        this.verified = new AtomicReferenceArray<>(clients.isEmpty() ? 1 : REMEMBERED);
        SignatureScheme scheme = SignatureScheme.named(config.signatureScheme());
        this.signatureLength = scheme.signatureLength();
        try {
            for (ReplicaInfo replica : config.replicas()) {
                replicaKeys.add(scheme.verifier(replica.key()));
            }
            for (ClientInfo client : clients) {
                clientKeys.put(client.id(), scheme.verifier(client.key()));
            }
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("a configuration checks its keys when it is made", e);
        }
    }

    void requireKnownSender(Envelope envelope) throws RejectedException {
        if (keyOf(envelope) == null) {
            throw new RejectedException(
                    RejectionReason.UNKNOWN_SENDER, envelope.type() + " from unknown " + envelope.sender());
        }
    }

    /** Requires the signature or the UI that messages of this type carry. */
    void requireProof(Envelope envelope) throws RejectedException {
        requireKnownSender(envelope);
        switch (envelope.type().proof()) {
            case SIGNATURE -> requireSignature(envelope);
            case UI -> requireUi(envelope);
            case CHANNEL -> {
                if (!envelope.signature().isEmpty()) {
                    throw new RejectedException(RejectionReason.MALFORMED, envelope.type() + " with a signature");
                }
            }
        }
    }

    private void requireUi(Envelope envelope) throws RejectedException {
        UniqueIdentifier ui = Ui.decode(envelope.signature());
        Digest content = Digest.sha256(envelope.signedBytes());
        Digest seen = Digest.sha256(content.toArray(), envelope.signature().unsafeArray());
        int place = seen.hashCode() & (verified.length() - 1);
        if (seen.equals(verified.get(place))) {
            return;
        }
        if (!usigs.verify(new ReplicaId(envelope.sender()), content, ui)) {
            throw new RejectedException(RejectionReason.BAD_SIGNATURE, envelope.type() + "'s UI");
        }
        verified.set(place, seen);
    }

    private void requireSignature(Envelope envelope) throws RejectedException {
        byte[] content = envelope.signedBytes();
        byte[] signature = envelope.signature().unsafeArray();
        // Before anything is looked up: content and signature are hashed one behind the other, and bytes that moved
        // from
        // the end of the content to the front of the signature would be taken for what has been verified.
        if (signature.length != signatureLength) {
            throw new RejectedException(
                    RejectionReason.BAD_SIGNATURE, envelope.type() + "'s signature is of another length");
        }
        // The content names the signer, and only what verified is remembered.
        Digest seen = Digest.sha256(content, signature);
        int place = seen.hashCode() & (verified.length() - 1);
        if (seen.equals(verified.get(place))) {
            return;
        }
        if (!keyOf(envelope).verify(content, signature)) {
            throw new RejectedException(RejectionReason.BAD_SIGNATURE, envelope.type() + "'s signature");
        }
        verified.set(place, seen);
    }

    private SignatureVerifier keyOf(Envelope envelope) {
        if (envelope.type().sender() == Sender.CLIENT) {
            return clientKeys.get(new ClientId(envelope.sender()));
        }
        return config.hasReplica(envelope.sender()) ? replicaKeys.get(envelope.sender()) : null;
    }
}
