package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A replica's whole state at a checkpoint, cut into chunks under a hash tree of two levels: the <em>manifest</em> holds
 * the digests of the chunks, and the root is the digest of the manifest. So every part can be checked when it arrives,
 * whoever sent it. Immutable.
 */
public final class StateImage {
    /** The size of every chunk but the last, in bytes. */
    public static final int CHUNK_BYTES = 256 << 10;

    private static final byte[] DOMAIN = "quorate-checkpoint\0".getBytes(StandardCharsets.US_ASCII);

    private final Bytes manifest;
    private final List<Bytes> chunks;

    private StateImage(Bytes manifest, List<Bytes> chunks) {
        this.manifest = manifest;
        this.chunks = List.copyOf(chunks);
    }

    /** The image of a state that consists of the session table and of what the service wrote. */
    public static StateImage of(Bytes sessionTable, Bytes service) {
        byte[] table = sessionTable.unsafeArray();
        byte[] all = ByteBuffer.allocate(Math.addExact(Integer.BYTES + table.length, service.length()))
                .putInt(table.length)
                .put(table)
                .put(service.unsafeArray())
                .array();
        List<Bytes> chunks = new ArrayList<>();
        for (int from = 0; from < all.length; from += CHUNK_BYTES) {
            chunks.add(Bytes.wrap(Arrays.copyOfRange(all, from, Math.min(all.length, from + CHUNK_BYTES))));
        }
        ByteBuffer manifest = ByteBuffer.allocate(Long.BYTES + chunks.size() * Digest.LENGTH);
        manifest.putLong(all.length);
        chunks.forEach(chunk -> manifest.put(Digest.sha256(chunk).toArray()));
        return new StateImage(Bytes.wrap(manifest.array()), chunks);
    }

    /** Puts an image together from verified parts. */
    static StateImage of(Bytes manifest, List<Bytes> chunks) {
        return new StateImage(manifest, chunks);
    }

    /** What stands for a state with that manifest at one sequence number: what CHECKPOINTs carry. */
    public static Digest root(SequenceNumber at, Bytes manifest) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(at.value()).array();
        return Digest.sha256(DOMAIN, number, Digest.sha256(manifest).toArray());
    }

    /** The digests of the chunks that a manifest names; empty if it contradicts itself. */
    static Optional<List<Digest>> chunkDigests(Bytes manifest) {
        int digests = manifest.length() - Long.BYTES;
        if (digests < Digest.LENGTH || digests % Digest.LENGTH != 0) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(manifest.unsafeArray());
        long length = in.getLong();
        int count = digests / Digest.LENGTH;
        if (length <= (count - 1L) * CHUNK_BYTES || length > (long) count * CHUNK_BYTES) {
            return Optional.empty();
        }
        List<Digest> all = new ArrayList<>(count);
        byte[] digest = new byte[Digest.LENGTH];
        for (int i = 0; i < count; i++) {
            in.get(digest);
            all.add(Digest.of(digest));
        }
        return Optional.of(all);
    }

    public Digest root(SequenceNumber at) {
        return root(at, manifest);
    }

    public Bytes manifest() {
        return manifest;
    }

    public List<Bytes> chunks() {
        return chunks;
    }

    /** The session table, as {@link SessionTable#encode()} wrote it. */
    public Bytes sessionTable() {
        ByteBuffer all = all();
        byte[] table = new byte[all.getInt()];
        all.get(table);
        return Bytes.wrap(table);
    }

    /** What the service wrote. */
    public Bytes service() {
        ByteBuffer all = all();
        int table = all.getInt();
        all.position(all.position() + table);
        byte[] service = new byte[all.remaining()];
        all.get(service);
        return Bytes.wrap(service);
    }

    private ByteBuffer all() {
        ByteBuffer all =
                ByteBuffer.allocate(chunks.stream().mapToInt(Bytes::length).sum());
        chunks.forEach(chunk -> all.put(chunk.unsafeArray()));
        return all.flip();
    }

    @Override
    public String toString() {
        return "state of " + chunks.size() + " chunks, manifest "
                + HexFormat.of().formatHex(Digest.sha256(manifest).toArray(), 0, 4);
    }
}
