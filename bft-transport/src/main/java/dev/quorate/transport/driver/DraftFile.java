package dev.quorate.transport.driver;

import dev.quorate.core.wire.UiDrafts;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.IssuedUi;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Drafts on disk, in two files of which the older is begun again when the newer is full. For one thread.
 *
 * <p>They are written but not synced: they survive the death of the process, but not a loss of power.
 */
final class DraftFile implements AutoCloseable {
    /** How many of the newest there are at least: more than a round, which ends early, and a new view make together. */
    static final int KEPT = 400;

    private static final int HEADER = 2 * Integer.BYTES;
    private static final List<String> NAMES = List.of("drafts-0", "drafts-1");

    private final Path directory;
    private final int maxBytes;
    private FileChannel file;
    private int current;
    private int inCurrent;

    /** @param maxBytes of one draft; a longer one in a file is damaged */
    DraftFile(Path directory, int maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    /**
     * Opens the files, and forgets all but the drafts of the messages that {@code issued} are for.
     *
     * @return the frames of those messages, by their counters, as far as there are drafts
     */
    SortedMap<Long, Bytes> open(List<IssuedUi> issued) throws IOException {
        SortedMap<Long, Bytes> frames = new TreeMap<>();
        SortedMap<Long, Bytes> needed = new TreeMap<>();
        for (String name : NAMES) {
            read(directory.resolve(name), issued, frames, needed);
        }
        Path aside = directory.resolve(NAMES.get(0) + ".new");
        file = create(aside);
        for (Bytes draft : needed.values()) {
            append(draft);
        }
        // At every instant a killed process leaves either the old files or the new one.
        Files.move(aside, directory.resolve(NAMES.get(0)), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(directory.resolve(NAMES.get(1)));
        return frames;
    }

    private void read(Path from, List<IssuedUi> issued, SortedMap<Long, Bytes> frames, SortedMap<Long, Bytes> needed)
            throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(from)))) {
            for (Optional<Bytes> draft = next(in); draft.isPresent(); draft = next(in)) {
                for (IssuedUi each : issued) {
                    Optional<Bytes> frame = UiDrafts.complete(draft.get(), each);
                    if (frame.isPresent()) {
                        frames.put(each.ui().counter(), frame.get());
                        needed.put(each.ui().counter(), draft.get());
                    }
                }
            }
        }
    }

    /** The next record; empty at the end, which is where a killed process left off. */
    private Optional<Bytes> next(DataInputStream in) throws IOException {
        try {
            int length = in.readInt();
            int checksum = in.readInt();
            if (length < 0 || length > maxBytes) {
                return Optional.empty();
            }
            byte[] bytes = in.readNBytes(length);
            return bytes.length == length && checksum == checksum(bytes)
                    ? Optional.of(Bytes.wrap(bytes))
                    : Optional.empty();
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    /** Keeps one more. */
    void note(Bytes draft) throws IOException {
        if (inCurrent == KEPT) {
            file.close();
            current = 1 - current;
            inCurrent = 0;
            file = create(directory.resolve(NAMES.get(current)));
        }
        append(draft);
        inCurrent++;
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private void append(Bytes draft) throws IOException {
        byte[] bytes = draft.unsafeArray();
        ByteBuffer record = ByteBuffer.allocate(HEADER + bytes.length)
                .putInt(bytes.length)
                .putInt(checksum(bytes))
                .put(bytes)
                .flip();
        while (record.hasRemaining()) {
            file.write(record);
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
