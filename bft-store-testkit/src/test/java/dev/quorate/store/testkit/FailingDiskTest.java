package dev.quorate.store.testkit;

import static dev.quorate.store.testkit.Samples.OWNER;
import static dev.quorate.store.testkit.Samples.at;
import static dev.quorate.store.testkit.Samples.logged;
import static dev.quorate.store.testkit.Samples.records;
import static dev.quorate.store.testkit.Samples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.StoreException;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Disks that fail or are full, and how much room a store takes. */
class FailingDiskTest {
    private final SimulatedDisk disk = new SimulatedDisk(3);

    private OpenedStore open() throws StoreException {
        return FileStore.on(disk, SimulatedPlace.small(Durability.SYNC)).open(OWNER);
    }

    private static void assertFailed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FAILED))
                .hasMessageContainingAll("Stop the replica", "nothing more is stored");
    }

    private static void assertDoesNothingAnyMore(ReplicaStore store) {
        assertFailed(() -> store.append(records(9, 9)));
        assertFailed(() -> store.keep(snapshot(9)));
        assertFailed(() -> store.discardBelow(at(3)));
        assertFailed(store::startOver);
        assertFailed(store::endRejoin);
    }

    @Test
    void d4AfterAFailedSyncTheStoreDoesNothingAnyMore() throws StoreException {
        ReplicaStore store = open().store();
        store.append(records(1, 3));
        disk.faults().failSyncsAfter(0);
        assertFailed(() -> store.append(records(4, 4)));
        disk.faults().failSyncsAfter(Long.MAX_VALUE);
        assertDoesNothingAnyMore(store);
        disk.kill();
        assertThat(open().recovered().records())
                .startsWith(logged(1, "record 1"), logged(2, "record 2"), logged(3, "record 3"));
    }

    /** What a failed sync left in the cache looks written; it has to be made so before it may count. */
    @Test
    void d4WhatIsRecoveredAfterAFailedSyncIsDurable() throws StoreException {
        int there = 0;
        for (int seed = 0; seed < 30; seed++) {
            SimulatedDisk failing = new SimulatedDisk(seed);
            ReplicaStore store = FileStore.on(failing, SimulatedPlace.small(Durability.SYNC))
                    .open(OWNER)
                    .store();
            failing.faults().failSyncsAfter(0);
            assertFailed(() -> store.append(records(1, 1)));
            failing.faults().failSyncsAfter(Long.MAX_VALUE);
            failing.kill();
            List<LogEntry.Logged> recovered = FileStore.on(failing, SimulatedPlace.small(Durability.SYNC))
                    .open(OWNER)
                    .recovered()
                    .records();
            failing.losePower(true);
            assertThat(FileStore.on(failing, SimulatedPlace.small(Durability.SYNC))
                            .open(OWNER)
                            .recovered()
                            .records())
                    .isEqualTo(recovered);
            there += recovered.size();
        }
        assertThat(there).as("records that were in the cache").isPositive();
    }

    @Test
    void d4AFullDiskStopsTheStoreUntilThereIsRoom() throws StoreException {
        ReplicaStore store = open().store();
        disk.faults().setCapacity(100_000);
        LogEntry large = new LogEntry.Logged(at(1), Bytes.wrap(new byte[3000]));
        int appended = 0;
        StoreException full = null;
        while (full == null) {
            try {
                store.append(List.of(large));
                appended++;
            } catch (StoreException e) {
                full = e;
            }
        }
        assertThat(full).hasMessageContaining("No space left");
        assertDoesNothingAnyMore(store);
        store.close();
        assertFailed(() -> open()); // Still full, and nothing is lost by trying.
        disk.kill();
        disk.faults().setCapacity(Long.MAX_VALUE);
        OpenedStore again = open();
        assertThat(again.recovered().records()).hasSize(appended);
        again.store().append(records(2, 2));
    }

    @Test
    void roomIsBoundedIfCheckpointsMoveOn() throws StoreException {
        ReplicaStore store = open().store();
        long most = 0;
        for (int checkpoint = 1; checkpoint <= 200; checkpoint++) {
            for (int i = 0; i < 8; i++) {
                store.append(records(checkpoint * 8L + i, checkpoint * 8L + i));
            }
            store.keep(snapshot(checkpoint * 8L, "same", "chunk " + checkpoint, "other " + checkpoint));
            store.discardBelow(at(checkpoint * 8L));
            if (checkpoint % 10 == 0) {
                disk.kill(); // Every opening begins a segment.
                store = open().store();
            }
            long used = disk.names().stream()
                    .mapToLong(name -> disk.read(name).length)
                    .sum();
            most = Math.max(most, used);
        }
        assertThat(most).isLessThan(200_000);
        assertThat(disk.names()).hasSizeLessThan(20);
    }

    @Test
    void openingAgainAndAgainTakesNoRoom() throws StoreException {
        open().store().append(records(1, 1));
        disk.kill();
        open();
        int files = disk.names().size();
        for (int i = 0; i < 50; i++) {
            disk.kill();
            assertThat(open().recovered().records()).isEqualTo(records(1, 1));
        }
        assertThat(disk.names()).hasSize(files);
    }

    @Test
    void aGroupIsOneSyncAndEqualChunksAreWrittenOnce() throws StoreException {
        ReplicaStore store = FileStore.on(disk, FileStoreSettings.of(Durability.SYNC))
                .open(OWNER)
                .store();
        long before = disk.operations();
        store.append(records(1, 256));
        assertThat(disk.operations() - before)
                .as("a write, a sync and the mark")
                .isEqualTo(3);
        store.keep(snapshot(1, "a", "b", "c"));
        before = disk.operations();
        store.keep(snapshot(2, "a", "b", "c"));
        assertThat(disk.operations() - before)
                .as("the file that names them: created, four parts written, synced, renamed; names and mark synced")
                .isLessThan(13);
        assertThat(disk.names().stream().filter(name -> name.startsWith("chunk-")))
                .hasSize(3);
    }

    @Test
    void aSyncTakesTime() throws StoreException {
        ReplicaStore store = open().store();
        disk.faults().takeBusyNanos();
        store.append(records(1, 1));
        long usual = disk.faults().takeBusyNanos();
        disk.faults().setSlowness(1000);
        store.append(records(2, 2));
        assertThat(disk.faults().takeBusyNanos()).isGreaterThan(usual * 100).isPositive();
    }
}
