package dev.quorate.core.storage;

import dev.quorate.crypto.Bytes;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was in a store when it was opened, and is durable now.
 *
 * @param records in the order of appending, without what was discarded; empty if binding ones were lost
 * @param cells empty if binding records were lost
 * @param snapshots the newest first
 * @param findings what was not as it should be, in words
 */
public record Recovered(
        Condition condition,
        List<LogEntry.Logged> records,
        SortedMap<String, Bytes> cells,
        List<StoredSnapshot> snapshots,
        List<Finding> findings) {
    public Recovered {
        records = List.copyOf(records);
        cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
        snapshots = List.copyOf(snapshots);
        findings = List.copyOf(findings);
    }
}
