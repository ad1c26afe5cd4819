package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Bytes;

/**
 * REJOIN: a replica that has forgotten what it said wants to take part again. Ordered like a request, so that everybody
 * knows from which position on it has nothing to do with what it said before. Signed with its long-term key.
 *
 * @param incarnation higher than in any REJOIN of this replica that was executed; in MinBFT the epoch of its new USIG
 * @param nonce drawn after the restart, {@value #NONCE_BYTES} bytes: tells this one from those of earlier lives
 * @param usig the identity of its new USIG, as {@link dev.quorate.usig.UsigIdentity#encode} writes it; empty in PBFT
 */
public record Rejoin(ReplicaId replica, long incarnation, Bytes nonce, Bytes usig) implements ReplicaMessage {
    public static final int NONCE_BYTES = 32;
    /** The longest identity of a USIG. */
    public static final int MAX_USIG_BYTES = 40 << 10;

    public Rejoin {
        if (incarnation < 1 || nonce.length() != NONCE_BYTES || usig.length() > MAX_USIG_BYTES) {
            throw new IllegalArgumentException("incarnation " + incarnation + ", a nonce of " + nonce.length()
                    + " bytes, a USIG of " + usig.length() + " bytes");
        }
    }

    @Override
    public MessageType type() {
        return MessageType.REJOIN;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public String toString() {
        return "REJOIN of " + replica + ", incarnation " + incarnation;
    }
}
