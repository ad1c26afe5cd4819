package dev.quorate.core.storage;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.disk.Disk;
import dev.quorate.core.storage.disk.DiskFile;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file of a snapshot: everything but the chunks, which are files of their own.
 *
 * @param chunks in their order
 */
record SnapshotFile(SequenceNumber sequenceNumber, Bytes certificate, Bytes manifest, List<Part> chunks) {
    private static final long MAGIC = 0x71756f7261746553L; // "quorateS"
    private static final int HEADER_BYTES = 32;
    private static final int PART_BYTES = Digest.LENGTH + Integer.BYTES;
    private static final int CHECKSUM_BYTES = Integer.BYTES;

    /** Which chunk, and how long it is. */
    record Part(Digest digest, int length) {}

    SnapshotFile {
        chunks = List.copyOf(chunks);
    }

    static SnapshotFile of(Snapshot snapshot) {
        List<Part> parts = snapshot.chunks().stream().map(SnapshotFile::of).toList();
        return new SnapshotFile(snapshot.sequenceNumber(), snapshot.certificate(), snapshot.manifest(), parts);
    }

    static Part of(Snapshot.Chunk chunk) {
        return new Part(chunk.digest(), chunk.content().length());
    }

    /** Writes the file; its name is durable once the names have been synced. */
    void write(Disk disk) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(Layout.VERSION).putLong(sequenceNumber.value());
        header.putInt(certificate.length()).putInt(manifest.length()).putInt(chunks.size());
        ByteBuffer parts = ByteBuffer.allocate(chunks.size() * PART_BYTES);
        chunks.forEach(part -> parts.put(part.digest.toArray()).putInt(part.length));
        ByteBuffer cert = ByteBuffer.wrap(certificate.unsafeArray()).asReadOnlyBuffer();
        ByteBuffer names = ByteBuffer.wrap(manifest.unsafeArray()).asReadOnlyBuffer();
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : List.of(header.clear(), cert, names, parts.clear())) {
            crc.update(part.duplicate());
        }
        ByteBuffer checksum = ByteBuffer.allocate(CHECKSUM_BYTES).putInt((int) crc.getValue());
        Layout.writeAside(disk, Layout.snapshot(sequenceNumber), header, cert, names, parts, checksum.flip());
    }

    /** Reads the file, which is there; empty if it is damaged. */
    static Optional<SnapshotFile> read(Disk disk, SequenceNumber at) throws IOException {
        try (DiskFile file = disk.open(Layout.snapshot(at))) {
            long size = file.size();
            if (size < HEADER_BYTES) {
                return Optional.empty();
            }
            ByteBuffer header = ByteBuffer.wrap(Layout.readExactly(file, 0, HEADER_BYTES));
            boolean ours = header.getLong() == MAGIC && header.getInt() == Layout.VERSION;
            long number = header.getLong();
            int certificate = header.getInt();
            int manifest = header.getInt();
            int chunks = header.getInt();
            if (!ours
                    || number != at.value()
                    || certificate < 0
                    || certificate > Snapshot.MAX_PART_BYTES
                    || manifest < 0
                    || manifest > Snapshot.MAX_PART_BYTES
                    || chunks < 0
                    || chunks > Snapshot.MAX_CHUNKS
                    || size
                            != (long) HEADER_BYTES
                                    + certificate
                                    + manifest
                                    + (long) chunks * PART_BYTES
                                    + CHECKSUM_BYTES) {
                return Optional.empty();
            }
            byte[] all = Layout.readExactly(file, 0, (int) size);
            CRC32C crc = new CRC32C();
            crc.update(all, 0, all.length - CHECKSUM_BYTES);
            ByteBuffer in = ByteBuffer.wrap(all);
            if (in.getInt(all.length - CHECKSUM_BYTES) != (int) crc.getValue()) {
                return Optional.empty();
            }
            in.position(HEADER_BYTES);
            return Optional.of(new SnapshotFile(at, bytes(in, certificate), bytes(in, manifest), parts(in, chunks)));
        }
    }

    private static Bytes bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }

    private static List<Part> parts(ByteBuffer in, int count) {
        List<Part> parts = new ArrayList<>(count);
        byte[] digest = new byte[Digest.LENGTH];
        for (int i = 0; i < count; i++) {
            in.get(digest);
            parts.add(new Part(Digest.of(digest), in.getInt()));
        }
        return parts;
    }
}
