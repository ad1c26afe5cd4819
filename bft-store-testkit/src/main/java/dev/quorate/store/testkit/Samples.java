package dev.quorate.store.testkit;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.core.storage.StoredSnapshot;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Records, cells and snapshots to be put into stores, and what is expected to come back. */
public final class Samples {
    /** Whose store it is, in these tests. */
    public static final StoreOwner OWNER = owner(1, 2);

    private Samples() {}

    public static StoreOwner owner(int cluster, int replica) {
        byte[] id = new byte[StoreOwner.CLUSTER_ID_BYTES];
        Arrays.fill(id, (byte) cluster);
        return new StoreOwner(Bytes.wrap(id), new ReplicaId(replica));
    }

    public static SequenceNumber at(long number) {
        return new SequenceNumber(number);
    }

    public static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A record that says what it is. */
    public static LogEntry.Logged logged(long sequenceNumber, String text) {
        return new LogEntry.Logged(at(sequenceNumber), text(text));
    }

    public static LogEntry.Cell cell(String name, String value) {
        return new LogEntry.Cell(name, text(value));
    }

    /** Records with the sequence numbers from {@code first} to {@code last}. */
    public static List<LogEntry> records(long first, long last) {
        List<LogEntry> records = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            records.add(logged(number, "record " + number));
        }
        return records;
    }

    /** A snapshot with chunks of these contents. */
    public static Snapshot snapshot(long sequenceNumber, String... chunks) {
        return new Snapshot(
                at(sequenceNumber),
                text("certificate of " + sequenceNumber),
                text("manifest of " + sequenceNumber),
                Arrays.stream(chunks)
                        .map(chunk -> Snapshot.Chunk.of(text(chunk)))
                        .toList());
    }

    /** All that a stored snapshot consists of, if it is whole. */
    public static Optional<Snapshot> whole(StoredSnapshot stored) {
        List<Snapshot.Chunk> chunks = new ArrayList<>();
        List<Digest> digests = stored.chunkDigests();
        for (int i = 0; i < digests.size(); i++) {
            Optional<Bytes> content = stored.chunk(i);
            if (content.isEmpty()) {
                return Optional.empty();
            }
            chunks.add(new Snapshot.Chunk(digests.get(i), content.get()));
        }
        return Optional.of(new Snapshot(stored.sequenceNumber(), stored.certificate(), stored.manifest(), chunks));
    }
}
