package dev.quorate.benchmark;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What it costs to append a group of records, until it is durable. Not a JMH benchmark: single syncs are wanted, and
 * their distribution.
 *
 * <p>Arguments: the directories to measure in.
 */
public final class StoreFigures {
    private static final int[] RECORDS = {1, 16, 256};
    private static final int[] BYTES = {300, 16 << 10};
    private static final long MAX_TOTAL_BYTES = 1L << 30;
    private static final int MAX_GROUPS = 2000;
    private static final int WARM_UP = 200;

    private StoreFigures() {}

    public static void main(String[] directories) throws IOException {
        System.out.println("directory, mode, records, bytes each: median and 99th percentile in microseconds");
        for (String directory : directories) {
            for (Durability durability : List.of(Durability.SYNC, Durability.ASYNC)) {
                for (int bytes : BYTES) {
                    for (int records : RECORDS) {
                        measure(Path.of(directory), durability, records, bytes);
                    }
                }
            }
        }
    }

    private static void measure(Path parent, Durability durability, int records, int bytes) throws IOException {
        Path directory = Files.createTempDirectory(parent, "store-figures");
        long[] nanos = new long[(int) Math.min(MAX_GROUPS, MAX_TOTAL_BYTES / records / bytes)];
        StoreOwner owner = new StoreOwner(Bytes.wrap(new byte[StoreOwner.CLUSTER_ID_BYTES]), new ReplicaId(0));
        try (ReplicaStore store = FileStore.in(directory, FileStoreSettings.of(durability))
                .open(owner)
                .store()) {
            for (int group = -WARM_UP; group < nanos.length; group++) {
                SequenceNumber at = new SequenceNumber(group + WARM_UP + 1L);
                LogEntry logged = new LogEntry.Logged(at, Bytes.wrap(new byte[bytes]));
                List<LogEntry> entries = Collections.nCopies(records, logged);
                long before = System.nanoTime();
                store.append(entries);
                long took = System.nanoTime() - before;
                if (group >= 0) {
                    nanos[group] = took;
                }
                if (at.value() % 128 == 0) { // As a replica does at its checkpoints.
                    store.discardBelow(at);
                }
            }
        } finally {
            delete(directory);
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%s, %s, %d, %d: %d, %d%n",
                parent,
                durability,
                records,
                bytes,
                nanos[nanos.length / 2] / 1000,
                nanos[nanos.length * 99 / 100] / 1000);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
