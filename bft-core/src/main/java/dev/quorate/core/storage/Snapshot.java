package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.List;

/**
 * A state to be kept. The store does not look into certificate and manifest.
 *
 * @param certificate what proves it to others; empty if that is not known yet
 * @param manifest what the chunks are checked against by whoever gets them from others
 */
public record Snapshot(SequenceNumber sequenceNumber, Bytes certificate, Bytes manifest, List<Chunk> chunks) {
    /** The longest certificate or manifest, in bytes; enough for a manifest of two million chunks. */
    public static final int MAX_PART_BYTES = 64 << 20;
    /** The most chunks. */
    public static final int MAX_CHUNKS = MAX_PART_BYTES / Digest.LENGTH;
    /** The longest chunk, in bytes. */
    public static final int MAX_CHUNK_BYTES = 16 << 20;

    public Snapshot {
        chunks = List.copyOf(chunks);
        if (certificate.length() > MAX_PART_BYTES || manifest.length() > MAX_PART_BYTES || chunks.size() > MAX_CHUNKS) {
            throw new IllegalArgumentException("a snapshot with a certificate of " + certificate.length()
                    + " bytes, a manifest of " + manifest.length() + " and " + chunks.size() + " chunks is too large");
        }
    }

    /**
     * A part of the state.
     *
     * @param digest the SHA-256 of the content, believed when it is written and checked when it is read
     */
    public record Chunk(Digest digest, Bytes content) {
        public Chunk {
            if (content.length() > MAX_CHUNK_BYTES) {
                throw new IllegalArgumentException(
                        "a chunk of " + content.length() + " bytes, more than " + MAX_CHUNK_BYTES);
            }
        }

        /** A chunk whose digest is not known yet. */
        public static Chunk of(Bytes content) {
            return new Chunk(Digest.sha256(content), content);
        }
    }
}
