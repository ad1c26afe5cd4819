package dev.quorate.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.smr.Effect;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link dev.quorate.core.smr.ReplicaProtocol}: effects in order, and nothing overtakes a record. */
final class EffectQueueTest {
    private final Scheduler scheduler = new Scheduler();
    private final SimDisk disk = new SimDisk(scheduler, new Randomness(1), new Randomness(2), 1_000);
    private final List<Effect> applied = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final EffectQueue queue =
            new EffectQueue(disk, applied::add, Runnable::run, () -> failures.add("the disk failed"));

    private static Effect effect(long number) {
        return new Effect.Halt("effect " + number);
    }

    private static Effect record(long number) {
        return new Effect.Persist(new SequenceNumber(number), Bytes.copyOf(new byte[] {(byte) number}));
    }

    private void run() {
        while (scheduler.step(1_000_000)) {
            // Nothing but syncs is scheduled.
        }
    }

    @Test
    void whatFollowsARecordWaitsForTheDisk() {
        queue.add(List.of(effect(1), record(2), effect(3)));
        assertThat(applied).containsExactly(effect(1));

        run();

        assertThat(applied).containsExactly(effect(1), effect(3));
        assertThat(disk.records()).hasSize(1);
    }

    @Test
    void oneSyncServesAllRecordsThatWait() {
        queue.add(List.of(record(1), effect(2), record(3), effect(4)));
        queue.add(List.of(record(5), effect(6)));
        long syncs = 0;
        while (scheduler.step(1_000_000)) {
            syncs++;
        }

        // The first sync began with the first call; the second one serves what came meanwhile.
        assertThat(syncs).isEqualTo(2);
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
    void afterAFailedSyncNothingHappens() {
        disk.setFailing(true);
        queue.add(List.of(record(1), effect(2)));
        run();

        assertThat(failures).containsExactly("the disk failed");
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
