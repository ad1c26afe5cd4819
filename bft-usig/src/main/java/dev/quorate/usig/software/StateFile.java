package dev.quorate.usig.software;

import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The file that holds a software USIG's epoch and counter: a header, then a {@link RecordRing}. */
final class StateFile implements Closeable {
    static final String NAME = "usig.state";
    static final String ADVICE =
            "Its counter must not be guessed: begin a new epoch (renew) and let the replica rejoin";

    private final StateHeader header;
    private final RecordRing ring;
    private final List<RecordRing.Entry> recovered;
    private final Storage storage;

    private StateFile(StateHeader header, RecordRing ring, List<RecordRing.Entry> recovered, Storage storage) {
        this.header = header;
        this.ring = ring;
        this.recovered = recovered;
        this.storage = storage;
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(NAME));
    }

    /** Begins an epoch, in the place of any before. */
    static void create(Path directory, StateHeader header) throws IOException {
        byte[] whole = Arrays.copyOf(header.encode(), StateHeader.BYTES + RecordRing.bytes(header.slots()));
        Durably.replace(directory.resolve(NAME), whole);
    }

    /** Reads the header alone. */
    static StateHeader readHeader(Path directory) throws IOException {
        Path file = existing(directory);
        byte[] whole = new byte[StateHeader.BYTES];
        try (var in = Files.newInputStream(file)) {
            int read = in.readNBytes(whole, 0, whole.length);
            if (read < whole.length) {
                throw wrongSize(file, read);
            }
        }
        return StateHeader.decode(whole, file.toString());
    }

    static StateFile open(Path directory) throws IOException {
        StateHeader header = readHeader(directory);
        Path file = existing(directory);
        long size = Files.size(file);
        if (size != StateHeader.BYTES + (long) RecordRing.bytes(header.slots())) {
            throw wrongSize(file, size);
        }
        Storage storage = new FileStorage(file);
        try {
            return open(header, storage, file.toString());
        } catch (IOException | RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    /** For storage that is not a file, in tests. */
    static StateFile open(StateHeader header, Storage storage, String where) throws IOException {
        RecordRing ring = new RecordRing(storage, StateHeader.BYTES, header.slots(), header.salt());
        return new StateFile(header, ring, ring.recover(where), storage);
    }

    private static Path existing(Path directory) throws UsigStateException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            throw new UsigStateException(
                    Reason.NOT_INITIALISED,
                    "there is no USIG in " + directory + ": initialise one, in a new epoch if there was one before");
        }
        return file;
    }

    private static UsigStateException wrongSize(Path file, long size) {
        return new UsigStateException(
                Reason.CORRUPT, file + " has " + size + " bytes, which is not its size. " + ADVICE);
    }

    StateHeader header() {
        return header;
    }

    /** What was there when it was opened, oldest first. */
    List<RecordRing.Entry> recovered() {
        return recovered;
    }

    void append(RecordRing.Entry entry) throws IOException {
        ring.append(entry);
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
