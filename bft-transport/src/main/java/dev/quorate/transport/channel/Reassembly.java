package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the pieces of one message at a time together. Nothing is allocated but for what has arrived; all pieces but the
 * last have the same size, so that a peer cannot make many small objects of a few bytes. Not thread-safe.
 */
final class Reassembly {
    private final int pieceBytes;
    private final int maxMessageBytes;
    private final List<byte[]> pieces = new ArrayList<>();

    /**
     * @param pieceBytes the size of every piece but a message's last
     * @param maxMessageBytes of a whole message; nothing is put together if that is not more than a piece
     */
    Reassembly(int pieceBytes, int maxMessageBytes) {
        this.pieceBytes = pieceBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Whether the peer may send messages in pieces at all. */
    boolean isAllowed() {
        return maxMessageBytes > pieceBytes;
    }

    private long size() {
        return (long) pieces.size() * pieceBytes;
    }

    /** Why the next piece may not have that length; empty if it may. */
    Optional<Refusal> refusal(int length, boolean last) {
        if (size() + length > maxMessageBytes) {
            return Optional.of(new Refusal(
                    RejectionReason.OVERSIZE, "the pieces of a message exceed " + maxMessageBytes + " bytes"));
        }
        boolean fits = last ? length > 0 && !pieces.isEmpty() : length == pieceBytes;
        return fits
                ? Optional.empty()
                : Optional.of(new Refusal(
                        RejectionReason.MALFORMED,
                        "a piece of " + length + " bytes where one of " + pieceBytes + " should be"));
    }

    /** Takes a piece that is not refused. Returns the message if it is complete. */
    Optional<Bytes> add(byte[] piece, boolean last) {
        pieces.add(piece);
        if (!last) {
            return Optional.empty();
        }
        ByteBuffer message = ByteBuffer.allocate((pieces.size() - 1) * pieceBytes + piece.length);
        pieces.forEach(message::put);
        pieces.clear();
        return Optional.of(Bytes.wrap(message.array()));
    }

    /** Forgets what is not complete. */
    void clear() {
        pieces.clear();
    }
}
