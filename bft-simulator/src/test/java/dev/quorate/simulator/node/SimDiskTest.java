package dev.quorate.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimDiskTest {
    private final Scheduler scheduler = new Scheduler();
    private final SimDisk disk = new SimDisk(scheduler, new Randomness(1), 1_000);
    private final List<Boolean> synced = new ArrayList<>();

    private static Bytes record(int number) {
        return Bytes.copyOf(new byte[] {(byte) number});
    }

    private void run() {
        while (scheduler.step(1_000_000)) {
            // Nothing but syncs is scheduled.
        }
    }

    @Test
    void whatIsSyncedSurvivesACrash() {
        disk.append(record(1));
        disk.append(record(2));
        disk.sync(synced::add);
        run();
        disk.crash();

        assertThat(synced).containsExactly(true);
        assertThat(disk.records()).containsExactly(record(1), record(2));
    }

    @Test
    void ofWhatIsNotSyncedACrashLeavesSomePrefix() {
        boolean lostSome = false;
        boolean keptSome = false;
        for (int i = 0; i < 50; i++) {
            SimDisk fresh = new SimDisk(scheduler, new Randomness(i), 1_000);
            fresh.append(record(1));
            fresh.append(record(2));
            fresh.crash();
            assertThat(fresh.records())
                    .isEqualTo(List.of(record(1), record(2))
                            .subList(0, fresh.records().size()));
            lostSome |= fresh.records().size() < 2;
            keptSome |= !fresh.records().isEmpty();
        }
        assertThat(lostSome).isTrue();
        assertThat(keptSome).isTrue();
    }

    @Test
    void aSyncThatACrashInterruptsIsNeverReported() {
        disk.append(record(1));
        disk.sync(synced::add);
        disk.crash();
        disk.wipe();
        disk.append(record(2));
        run();

        assertThat(synced).isEmpty();
        assertThat(disk.records()).isEmpty();
    }

    @Test
    void aFailingDiskSaysSo() {
        disk.setFailing(true);
        disk.append(record(1));
        disk.sync(synced::add);
        run();

        assertThat(synced).containsExactly(false);
        assertThat(disk.records()).isEmpty();
    }
}
