package dev.quorate.simulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimDiskTest {
    private final Scheduler scheduler = new Scheduler();
    private final SimDisk disk = disk(scheduler, 1);
    private final List<Boolean> synced = new ArrayList<>();

    private static SimDisk disk(Scheduler scheduler, long seed) {
        return new SimDisk(scheduler, new Randomness(seed), new Randomness(~seed), 1_000);
    }

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
            SimDisk fresh = disk(scheduler, i);
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
    void aTornWriteLeavesAPrefixOrSomeSectorsOfWhatWasNotSynced() {
        boolean prefix = false;
        boolean sectors = false;
        boolean untorn = false;
        for (int seed = 0; seed < 200; seed++) {
            Scheduler time = new Scheduler();
            SimDisk fresh = disk(time, seed);
            fresh.append(record(1));
            fresh.sync(durable -> {});
            while (time.step(1_000_000)) {
                // Nothing but the sync is scheduled.
            }
            Bytes whole = longRecord();
            fresh.append(whole);
            fresh.tearNextWrite(() -> {});
            boolean torn = fresh.crash();

            assertThat(fresh.records()).startsWith(record(1)).hasSizeLessThanOrEqualTo(2);
            untorn |= !torn;
            if (torn) {
                byte[] left = fresh.records().get(1).toArray();
                assertThat(left).hasSizeLessThanOrEqualTo(whole.length());
                boolean isPrefix = Arrays.equals(left, Arrays.copyOf(whole.toArray(), left.length));
                prefix |= isPrefix && left.length < whole.length();
                sectors |= !isPrefix;
                for (int at = 0; at < left.length; at++) {
                    assertThat(left[at]).isIn((byte) 0, whole.toArray()[at]);
                }
            }
        }
        assertThat(prefix).isTrue();
        assertThat(sectors).isTrue();
        assertThat(untorn).isTrue();
    }

    private static Bytes longRecord() {
        byte[] bytes = new byte[300];
        Arrays.fill(bytes, (byte) 7);
        return Bytes.wrap(bytes);
    }

    @Test
    void tearingCrashesInTheMiddleOfTheNextWrite() {
        disk.append(record(1));
        disk.sync(synced::add);
        run();
        disk.tearNextWrite(disk::crash);
        run();
        assertThat(disk.records()).containsExactly(record(1));

        disk.append(record(2));
        disk.sync(synced::add);
        run();

        assertThat(synced).as("the second sync never ends").containsExactly(true);
    }

    @Test
    void whatDidNotGetTornStaysWhole() {
        disk.tearNextWrite(() -> synced.add(false));
        disk.tearNoMore();
        disk.append(longRecord());
        disk.sync(synced::add);
        run();

        assertThat(synced).containsExactly(true);
        assertThat(disk.records()).containsExactly(longRecord());
    }

    @Test
    void withoutTearingACrashLeavesWholeRecordsOnly() {
        for (int seed = 0; seed < 100; seed++) {
            SimDisk fresh = disk(new Scheduler(), seed);
            fresh.append(longRecord());

            assertThat(fresh.crash()).isFalse();
            assertThat(fresh.records()).isSubsetOf(longRecord());
        }
    }

    @Test
    void corruptionDamagesOneRecordOfThoseStored() {
        disk.append(longRecord());
        disk.append(longRecord());
        disk.sync(synced::add);
        run();

        assertThat(disk.corrupt()).isTrue();

        assertThat(disk.records()).hasSize(2);
        assertThat(disk.records().stream().filter(longRecord()::equals)).hasSize(1);
        assertThat(disk.records())
                .allMatch(record -> record.length() == longRecord().length());
    }

    @Test
    void thereIsNothingToCorruptOnAnEmptyDisk() {
        assertThat(disk.corrupt()).isFalse();
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
