package dev.quorate.core;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A stretch of a service's state that many snapshots contain unchanged. A service that keeps its parts, and gives each
 * snapshot those that have not changed, pays for what has changed only: a part is hashed when it is made, and all
 * snapshots that contain it share its memory. Immutable, safe for use by several threads.
 *
 * <p>How a state is divided belongs to the state: equal states have to be divided equally at every replica, also at one
 * that was restored. So what decides it has to follow from the operations, or be part of what is written.
 *
 * <p>A part costs 32 bytes in the table of contents of a state, which has room for 65 000 parts or pieces of parts: a few
 * ten thousand bytes are a good size.
 */
public final class SnapshotPart {
    /** Longer parts are cut into pieces of this size, in bytes. */
    public static final int MAX_PIECE_BYTES = 256 << 10;

    /** Replaced by others that are equal, never by different ones: it does not matter which of them a thread sees. */
    private volatile List<Bytes> pieces;

    private volatile boolean shared;

    private final List<Digest> digests;

    private SnapshotPart(List<Bytes> pieces) {
        this.pieces = List.copyOf(pieces);
        this.digests = pieces.stream().map(Digest::sha256).toList();
    }

    /** A part with that content, of any length; a copy. */
    public static SnapshotPart of(byte[] content) {
        List<Bytes> pieces = new ArrayList<>();
        for (int at = 0; at < content.length; at += MAX_PIECE_BYTES) {
            int end = (int) Math.min(content.length, (long) at + MAX_PIECE_BYTES);
            pieces.add(Bytes.wrap(Arrays.copyOfRange(content, at, end)));
        }
        return new SnapshotPart(pieces);
    }

    /** The content, none of it longer than {@link #MAX_PIECE_BYTES} and none empty. */
    public List<Bytes> pieces() {
        return pieces;
    }

    /** The SHA-256 of each piece. */
    public List<Digest> digests() {
        return digests;
    }

    /**
     * Uses the memory of pieces that are there already: for the replica, which holds the state that it was restored from.
     * Only the first call does anything, since from then on the part's pieces are the ones that the replica holds.
     *
     * @param known gives the piece with a digest; null if there is none
     */
    public void share(Function<Digest, Bytes> known) {
        if (shared) {
            return;
        }
        List<Bytes> own = pieces;
        List<Bytes> held = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            Bytes equal = known.apply(digests.get(i));
            held.add(equal == null ? own.get(i) : equal);
        }
        pieces = List.copyOf(held);
        shared = true;
    }
}
