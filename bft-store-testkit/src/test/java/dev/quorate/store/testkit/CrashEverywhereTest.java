package dev.quorate.store.testkit;

import static dev.quorate.store.testkit.Samples.at;
import static dev.quorate.store.testkit.Samples.cell;
import static dev.quorate.store.testkit.Samples.logged;
import static dev.quorate.store.testkit.Samples.records;
import static dev.quorate.store.testkit.Samples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.StoreException;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.disk.PowerFailure;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One history with everything in it, ended at each of its writes, syncs, renames, deletions and truncations in turn. */
class CrashEverywhereTest {
    private static final LogEntry LONG = new LogEntry.Logged(at(70), Bytes.wrap(new byte[40_000]));

    @ParameterizedTest
    @CsvSource({"SYNC,true,3", "SYNC,false,1", "ASYNC,true,1", "ASYNC,false,1"})
    void c3WhateverWasReportedDoneIsThereAfterACrash(Durability durability, boolean losingPower, int seeds)
            throws Exception {
        for (int seed = 0; seed < seeds; seed++) {
            long crashes = 0;
            while (crashesAt(crashes, seed, durability, losingPower)) {
                crashes++;
            }
            assertThat(crashes).as("operations in the history").isGreaterThan(150);
        }
    }

    /** Returns whether the history is long enough for that. */
    private static boolean crashesAt(long operation, long seed, Durability durability, boolean losingPower)
            throws Exception {
        SimulatedDisk disk = new SimulatedDisk(seed << 32 | operation);
        History history = new History(disk, SimulatedPlace.small(durability));
        disk.crashAfter(operation);
        boolean crashed = false;
        try {
            script(history);
        } catch (PowerFailure e) {
            crashed = true;
        }
        history.endLife(losingPower);
        history.open("after a crash at operation " + operation);
        history.append(List.of(logged(1000, "life goes on"), cell("after", "the crash")));
        history.endLife(losingPower);
        history.open("after another crash");
        return crashed;
    }

    private static void script(History history) throws StoreException {
        history.open("at first");
        history.append(records(1, 3));
        history.append(List.of(cell("view", "1"), logged(4, "x"), cell("view", "2")));
        history.keep(snapshot(10, "a", "b", "c"));
        for (int group = 0; group < 6; group++) {
            history.append(records(10 + group * 10, 19 + group * 10));
        }
        history.append(List.of(LONG));
        history.keep(snapshot(20, "a", "d"));
        history.discardBelow(at(20));
        history.close();
        history.open("after closing");
        history.append(records(80, 84));
        history.discardBelow(at(75));
        for (int group = 0; group < 6; group++) {
            history.append(List.of(logged(90 + group, "after"), cell("n", "" + group)));
        }
        history.keep(snapshot(90, "d", "e"));
        history.startOver();
        history.append(List.of(cell("incarnation", "1")));
        history.endRejoin();
        history.append(records(200, 203));
        history.close();
    }

    /** A crash while the store is being opened after a crash, at every operation of that. */
    @ParameterizedTest
    @CsvSource({"SYNC,true", "SYNC,false", "ASYNC,false"})
    void c3CrashesDuringRecoveryLoseNothingEither(Durability durability, boolean losingPower) throws Exception {
        int longest = 0;
        for (int first : new int[] {40, 60, 75, 90, 110, 130, 150}) {
            boolean crashed = true;
            for (int second = 0; crashed; second++) {
                longest = Math.max(longest, second);
                SimulatedDisk disk = new SimulatedDisk(first * 1000L + second);
                History history = new History(disk, SimulatedPlace.small(durability));
                disk.crashAfter(first);
                assertThatThrownBy(() -> script(history)).isInstanceOf(PowerFailure.class);
                history.endLife(losingPower);
                disk.crashAfter(second);
                try {
                    history.open("during recovery");
                    crashed = false;
                } catch (PowerFailure e) {
                    history.endLife(losingPower);
                    history.open("after a crash at operation " + second + " of the recovery from one at " + first);
                }
            }
        }
        assertThat(longest).isGreaterThan(8);
    }

    @Test
    void c3InMemoryNothingIsKeptAndThatIsKnown() throws Exception {
        boolean crashed = true;
        for (int operation = 0; crashed; operation++) {
            SimulatedDisk disk = new SimulatedDisk(operation);
            disk.crashAfter(operation);
            boolean said = false;
            try {
                ReplicaStore store = open(disk, Durability.MEMORY);
                store.append(records(1, 1));
                said = true;
                store.append(records(2, 2));
                crashed = disk.hasCrashed();
                store.close();
            } catch (PowerFailure e) {
                crashed = true;
            }
            disk.losePower(true);
            Condition condition = FileStore.on(disk, SimulatedPlace.small(Durability.SYNC))
                    .open(Samples.OWNER)
                    .recovered()
                    .condition();
            assertThat(condition).isIn(said ? List.of(Condition.LOST) : List.of(Condition.LOST, Condition.FRESH));
        }
    }

    /** What was said in mode memory must not be forgotten by going back to an earlier log. */
    @Test
    void c4ALogFromBeforeModeMemoryDoesNotCount() throws Exception {
        SimulatedDisk disk = new SimulatedDisk(1);
        ReplicaStore store = open(disk, Durability.SYNC);
        store.append(records(1, 5));
        store.close();
        ReplicaStore memory = open(disk, Durability.MEMORY);
        memory.close();
        assertThat(condition(disk)).as("nothing was said meanwhile").isEqualTo(Condition.INTACT);
        disk.kill();
        ReplicaStore again = open(disk, Durability.MEMORY);
        again.startOver();
        again.append(records(6, 6));
        again.close();
        assertThat(condition(disk)).isEqualTo(Condition.LOST);
    }

    /** A record that was cut off must not come back behind one that took its place. */
    @Test
    void c4WhatWasCutOffDoesNotComeBack() throws Exception {
        int cuts = 0;
        for (int seed = 0; seed < 300; seed++) {
            SimulatedDisk disk = new SimulatedDisk(seed);
            History history = new History(disk, SimulatedPlace.small(Durability.SYNC));
            history.open("at first");
            history.append(records(1, 2));
            disk.crashAfter(1); // The write is done, and the sync is not.
            List<LogEntry> group = List.of(
                    new LogEntry.Logged(at(3), Bytes.wrap(new byte[3000])), logged(4, "vote for A"), logged(5, "more"));
            assertThatThrownBy(() -> history.append(group)).isInstanceOf(PowerFailure.class);
            history.endLife(true);
            boolean cut = history.open("after the first crash").records().size() < 5;
            cuts += cut ? 1 : 0;
            disk.crashAfter(1);
            List<LogEntry> same = List.of(group.get(0), logged(4, "vote for B"), logged(5, "more"));
            assertThatThrownBy(() -> history.append(same)).isInstanceOf(PowerFailure.class);
            history.endLife(true);
            history.open("after the second crash");
        }
        assertThat(cuts).as("tails that were cut off").isBetween(50, 299);
    }

    private static ReplicaStore open(SimulatedDisk disk, Durability durability) throws StoreException {
        return FileStore.on(disk, SimulatedPlace.small(durability))
                .open(Samples.OWNER)
                .store();
    }

    private static Condition condition(SimulatedDisk disk) throws StoreException {
        return FileStore.on(disk, SimulatedPlace.small(Durability.SYNC))
                .open(Samples.OWNER)
                .recovered()
                .condition();
    }
}
