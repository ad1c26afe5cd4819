package dev.quorate.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.FileStoreSettings;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.core.storage.StoreProvider;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.disk.SimulatedDisk;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.kernel.Seed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link dev.quorate.core.smr.ReplicaProtocol}: effects in order, and nothing overtakes a record. */
final class EffectQueueTest implements LiveMemory.Owner {
    private static final ReplicaId SELF = new ReplicaId(0);
    private static final ClusterConfig CLUSTER = Members.create(
                    new Seed(1), Protocol.PBFT, SimulatedSignatures.NAME, 4, 1, Limits.defaults())
            .config();

    private final Scheduler scheduler = new Scheduler();
    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final StoreProvider files = FileStore.on(disk, new FileStoreSettings(Durability.SYNC, 64 << 10));
    private final List<Effect> applied = new ArrayList<>();
    private final List<Effect.Persist> persisted = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final EffectQueue queue;

    EffectQueueTest() throws StoreException {
        ReplicaMemory memory = ReplicaMemory.open(files, CLUSTER, SELF, true);
        disk.faults().takeBusyNanos();
        queue = new EffectQueue(
                new LiveMemory(memory, disk, scheduler, Runnable::run, this), applied::add, persisted::addAll);
    }

    @Override
    public void ended(String during) {
        failures.add("ended during " + during);
        queue.clear();
    }

    @Override
    public void failed(StoreException cause) {
        failures.add("failed");
        queue.clear();
    }

    private static Effect effect(long number) {
        return new Effect.Halt("effect " + number);
    }

    private static Effect.Persist record(long number) {
        return new Effect.Persist(new SequenceNumber(number), Bytes.copyOf(new byte[] {(byte) number}));
    }

    private long run() {
        long steps = 0;
        while (scheduler.step(1_000_000_000)) {
            steps++; // Nothing but the disk's work is scheduled.
        }
        return steps;
    }

    /** What a replica would find if the power failed now. */
    private List<LogEntry.Logged> recovered() throws StoreException {
        disk.losePower(true);
        return files.open(new StoreOwner(CLUSTER.clusterId(), SELF)).recovered().records();
    }

    @Test
    void whatFollowsARecordWaitsForTheDisk() throws StoreException {
        queue.add(List.of(effect(1), record(2), effect(3)));
        assertThat(applied).containsExactly(effect(1));
        assertThat(persisted).isEmpty();

        run();

        assertThat(applied).containsExactly(effect(1), effect(3));
        assertThat(persisted).containsExactly(record(2));
        assertThat(recovered()).hasSize(1);
        assertThat(scheduler.now()).as("time passes").isPositive();
    }

    @Test
    void oneSyncServesAllRecordsThatWait() {
        queue.add(List.of(record(1), effect(2), record(3), effect(4)));
        queue.add(List.of(record(5), effect(6)));

        // The first sync began with the first call; the second one serves what came meanwhile.
        assertThat(run()).isEqualTo(2);
        assertThat(applied).containsExactly(effect(2), effect(4), effect(6));
    }

    @Test
    void laterEventsDoNotOvertakeEarlierRecords() {
        queue.add(List.of(record(1), effect(2)));
        queue.add(List.of(effect(3)));
        assertThat(applied).isEmpty();

        run();

        assertThat(applied).containsExactly(effect(2), effect(3));
    }

    @Test
    void discardedIsWhatWasKeptBefore() throws StoreException {
        queue.add(List.of(record(1), record(9), new Effect.Discard(new SequenceNumber(5)), effect(2)));
        run();

        assertThat(applied).containsExactly(effect(2));
        assertThat(recovered()).extracting(LogEntry.Logged::sequenceNumber).containsExactly(new SequenceNumber(9));
    }

    @Test
    void afterAFailedSyncNothingHappens() {
        disk.faults().failSyncsAfter(0);
        queue.add(List.of(record(1), effect(2)));
        run();

        assertThat(failures).containsExactly("failed");
        assertThat(applied).isEmpty();
    }

    @Test
    void aCrashInTheMiddleOfAWriteEndsEverything() {
        disk.crashAfter(0);
        queue.add(List.of(record(1), effect(2)));
        run();

        assertThat(failures).singleElement().asString().contains("ended during a write");
        assertThat(applied).isEmpty();
    }

    @Test
    void afterACrashNothingHappens() {
        queue.add(List.of(record(1), effect(2)));
        queue.clear();
        run();

        assertThat(applied).isEmpty();
    }
}
