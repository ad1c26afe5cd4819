package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotPart;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replica's whole state at a checkpoint, cut into chunks under a hash tree of two levels: the <em>manifest</em> holds
 * the digests of the chunks, and the root is the digest of the manifest. So every part can be checked when it arrives,
 * whoever sent it. Immutable. Nothing in it is longer than a chunk, so a state may be longer than an array.
 *
 * <p>The replica's bookkeeping has chunks of its own, so that its length does not decide where the service's are cut; so
 * has each {@link SnapshotPart}. Everything else is cut into chunks of {@value #CHUNK_BYTES} bytes.
 */
public final class StateImage {
    /** The largest chunk, in bytes. */
    public static final int CHUNK_BYTES = SnapshotPart.MAX_PIECE_BYTES;

    private static final int FIRST_BUFFER_BYTES = 1 << 10;
    private static final byte[] DOMAIN = "quorate-checkpoint\0".getBytes(StandardCharsets.US_ASCII);

    private final Bytes manifest;
    private final List<Bytes> chunks;

    private StateImage(Bytes manifest, List<Bytes> chunks) {
        this.manifest = manifest;
        this.chunks = List.copyOf(chunks);
    }

    /** The image of a state that consists of the replica's bookkeeping and of what the service wrote. */
    public static StateImage of(Bytes bookkeeping, Bytes service) {
        Builder image = new Builder(bookkeeping, Optional.empty());
        try {
            image.writer().write(service.unsafeArray());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return image.build();
    }

    /** Puts an image together from verified parts. */
    public static StateImage of(Bytes manifest, List<Bytes> chunks) {
        return new StateImage(manifest, chunks);
    }

    /** What stands for a state with that manifest at one sequence number: what CHECKPOINTs carry. */
    public static Digest root(SequenceNumber at, Bytes manifest) {
        byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(at.value()).array();
        return Digest.sha256(DOMAIN, number, Digest.sha256(manifest).toArray());
    }

    /** The digests of the chunks that a manifest names; empty if it contradicts itself. */
    public static Optional<List<Digest>> chunkDigests(Bytes manifest) {
        int digests = manifest.length() - Long.BYTES;
        if (digests < Digest.LENGTH || digests % Digest.LENGTH != 0) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(manifest.unsafeArray());
        long length = in.getLong();
        int count = digests / Digest.LENGTH;
        if (length < count || length > (long) count * CHUNK_BYTES) {
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

    /** The digests of the chunks, in their order. */
    public List<Digest> digests() {
        return chunkDigests(manifest).orElseThrow();
    }

    /** What the replica itself keeps as replicated state, as {@link Execution} wrote it. */
    public Bytes bookkeeping() {
        try (DataInputStream in = new DataInputStream(all())) {
            return Bytes.wrap(in.readNBytes(in.readInt()));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
    }

    /** What the service wrote. */
    public InputStream service() {
        try {
            InputStream in = all();
            in.skipNBytes(Integer.BYTES + (long) bookkeeping().length());
            return in;
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
    }

    private InputStream all() {
        List<InputStream> streams = chunks.stream()
                .<InputStream>map(chunk -> new ByteArrayInputStream(chunk.unsafeArray()))
                .toList();
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    @Override
    public String toString() {
        return "state of " + chunks.size() + " chunks, manifest "
                + HexFormat.of().formatHex(Digest.sha256(manifest).toArray(), 0, 4);
    }

    /** Cuts what a service writes into chunks. Not thread-safe. */
    static final class Builder {
        private final List<Digest> digests = new ArrayList<>();
        private final List<Bytes> chunks = new ArrayList<>();
        /** The chunks of the image before. */
        private final Map<Digest, Bytes> previous = new LinkedHashMap<>();

        private final SnapshotWriter writer = new ImageWriter(new Cutter());
        /** As large as it had to be so far: a small state needs no large one. */
        private byte[] chunk = new byte[FIRST_BUFFER_BYTES];

        private int filled;
        private long length;

        /** @param previous an image whose chunks are used again where they are equal, to save memory */
        Builder(Bytes bookkeeping, Optional<StateImage> previous) {
            previous.ifPresent(this::remember);
            try {
                writer.writeByteArray(bookkeeping.unsafeArray());
                endChunk();
            } catch (IOException e) {
                throw new UncheckedIOException("memory cannot fail", e);
            }
        }

        private void remember(StateImage image) {
            List<Digest> of = image.digests();
            for (int i = 0; i < of.size(); i++) {
                previous.put(of.get(i), image.chunks.get(i));
            }
        }

        /** Where the service writes its state. */
        SnapshotWriter writer() {
            return writer;
        }

        /** The image of all that was written. To be called once. */
        StateImage build() {
            endChunk();
            ByteBuffer manifest = ByteBuffer.allocate(Long.BYTES + digests.size() * Digest.LENGTH);
            manifest.putLong(length);
            digests.forEach(digest -> manifest.put(digest.toArray()));
            return new StateImage(Bytes.wrap(manifest.array()), chunks);
        }

        private void endChunk() {
            if (filled > 0) {
                add(Arrays.copyOf(chunk, filled));
                filled = 0;
            }
        }

        private void add(byte[] full) {
            Bytes content = Bytes.wrap(full);
            Digest digest = Digest.sha256(content);
            add(digest, previous.getOrDefault(digest, content));
        }

        private void add(Digest digest, Bytes content) {
            digests.add(digest);
            chunks.add(content);
            length += content.length();
        }

        /** Takes parts as they are. */
        private final class ImageWriter extends SnapshotWriter {
            private ImageWriter(OutputStream out) {
                super(out);
            }

            @Override
            public void writePart(SnapshotPart part) {
                endChunk();
                part.share(previous::get);
                for (int i = 0; i < part.pieces().size(); i++) {
                    add(part.digests().get(i), part.pieces().get(i));
                }
            }
        }

        private final class Cutter extends OutputStream {
            @Override
            public void write(int b) {
                makeRoom(1);
                chunk[filled++] = (byte) b;
                cutIfFull();
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                int from = offset;
                int left = count;
                while (left > 0) {
                    int part = Math.min(left, CHUNK_BYTES - filled);
                    makeRoom(part);
                    System.arraycopy(bytes, from, chunk, filled, part);
                    filled += part;
                    from += part;
                    left -= part;
                    cutIfFull();
                }
            }

            private void makeRoom(int bytes) {
                if (filled + bytes > chunk.length) {
                    int larger = Math.max(filled + bytes, 2 * chunk.length);
                    chunk = Arrays.copyOf(chunk, Math.min(larger, CHUNK_BYTES));
                }
            }

            private void cutIfFull() {
                if (filled == CHUNK_BYTES) {
                    add(chunk);
                    chunk = new byte[CHUNK_BYTES];
                    filled = 0;
                }
            }
        }
    }
}
