package dev.quorate.store.testkit;

import static dev.quorate.store.testkit.Samples.at;
import static dev.quorate.store.testkit.Samples.cell;
import static dev.quorate.store.testkit.Samples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.disk.PowerFailure;
import dev.quorate.simulator.disk.SimulatedDisk;
import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random lives of a store, ended anyhow, on a disk that fails, fills up and loses what was not synced. */
class RandomHistoriesPropertyTest {
    private static final int LIVES = 8;
    private static final int STEPS = 25;

    @Property(tries = 150)
    void d5WhateverHappensWhatWasReportedDoneIsThere(@ForAll long seed) throws StoreException {
        Randomness random = new Randomness(seed);
        SimulatedDisk disk = new SimulatedDisk(random.nextLong());
        Durability durability = random.chance(0.7) ? Durability.SYNC : Durability.ASYNC;
        History history = new History(disk, SimulatedPlace.small(durability));
        for (int life = 0; life < LIVES; life++) {
            plan(random, disk);
            try {
                history.open("life " + life + " of seed " + seed);
                live(random, history);
            } catch (PowerFailure e) {
                assertThat(disk.hasCrashed()).isTrue();
            } catch (StoreException e) {
                assertThat(e.reason()).isEqualTo(StoreException.Reason.FAILED);
            }
            disk.faults().setCapacity(Long.MAX_VALUE);
            disk.faults().failSyncsAfter(Long.MAX_VALUE);
            history.endLife(random.chance(0.5));
        }
        history.open("at last, seed " + seed);
    }

    private static void plan(Randomness random, SimulatedDisk disk) {
        switch (random.below(4)) {
            case 0 -> disk.faults().failSyncsAfter(random.below(60));
            case 1 -> disk.faults().setCapacity(random.between(30_000, 150_000));
            case 2 -> disk.crashAfter(random.below(120));
            default -> {
                // Ends when its time has come.
            }
        }
    }

    private static void live(Randomness random, History history) throws StoreException {
        for (int step = 0; step < STEPS; step++) {
            long floor = history.model().floor().value();
            switch (random.below(12)) {
                case 0 -> history.keep(randomSnapshot(random, floor));
                case 1 -> history.discardBelow(at(floor + random.below(12)));
                case 2 -> {
                    if (random.chance(0.1)) {
                        history.startOver();
                        history.endRejoin();
                    }
                }
                default -> history.append(randomGroup(random, floor));
            }
        }
        if (random.chance(0.5)) {
            history.close();
        }
    }

    private static Snapshot randomSnapshot(Randomness random, long floor) {
        return snapshot(
                floor + random.below(20),
                IntStream.range(0, random.below(5))
                        .mapToObj(i -> "chunk " + random.below(6))
                        .toArray(String[]::new));
    }

    private static List<LogEntry> randomGroup(Randomness random, long floor) {
        List<LogEntry> group = new ArrayList<>();
        for (int i = random.below(5); i >= 0; i--) {
            byte[] bytes = new byte[random.chance(0.05) ? random.below(20_000) : random.below(400)];
            random.nextBytes(bytes);
            group.add(
                    random.chance(0.2)
                            ? cell("cell-" + random.below(4), "value " + random.nextLong())
                            : new LogEntry.Logged(at(Math.max(0, floor + random.between(-2, 10))), Bytes.wrap(bytes)));
        }
        return group;
    }

    /** Whatever is damaged at one place: what is recovered is what was kept, or it is said that something is lost. */
    @Property(tries = 300)
    void d1DamageIsNeverTakenForTruth(@ForAll long seed) throws StoreException {
        Randomness random = new Randomness(seed);
        SimulatedDisk disk = new SimulatedDisk(random.nextLong());
        History history = new History(disk, SimulatedPlace.small(Durability.SYNC));
        history.open("at first");
        live(random, history);
        history.endLife(false);
        damage(random, disk);
        Recovered recovered = FileStore.on(disk, SimulatedPlace.small(Durability.SYNC))
                .open(Samples.OWNER)
                .recovered();
        if (recovered.condition() != Condition.LOST) {
            Model model = history.model();
            assertThat(recovered.records()).as("seed " + seed).isEqualTo(model.records());
            assertThat(recovered.cells()).isEqualTo(model.cells());
            recovered
                    .snapshots()
                    .forEach(snapshot -> Samples.whole(snapshot)
                            .ifPresent(whole -> assertThat(whole)
                                    .isEqualTo(model.snapshots().get(snapshot.sequenceNumber()))));
            assertThat(newestIsWhole(recovered, model) || isSaid(recovered))
                    .as("seed " + seed)
                    .isTrue();
        }
    }

    private static boolean newestIsWhole(Recovered recovered, Model model) {
        if (model.snapshots().isEmpty()) {
            return true;
        }
        return recovered.snapshots().stream()
                .limit(1)
                .anyMatch(snapshot -> Samples.whole(snapshot)
                        .filter(model.snapshots().lastEntry().getValue()::equals)
                        .isPresent());
    }

    /** The content of a chunk is checked when it is read; every other loss is said at once. */
    private static boolean isSaid(Recovered recovered) {
        return !recovered.findings().isEmpty()
                || recovered.snapshots().stream()
                        .anyMatch(snapshot ->
                                snapshot.isComplete() && Samples.whole(snapshot).isEmpty());
    }

    private static void damage(Randomness random, SimulatedDisk disk) {
        List<String> names =
                disk.names().stream().filter(name -> disk.read(name).length > 0).toList();
        String name = random.pick(names);
        byte[] bytes = disk.read(name);
        int place = random.below(bytes.length);
        switch (random.below(6)) {
            case 0 -> disk.lose(name);
            case 1 -> disk.overwrite(name, Arrays.copyOf(bytes, place));
            case 2 -> {
                byte[] other = disk.read(random.pick(names));
                disk.overwrite(name, other);
            }
            case 3 -> {
                int sector = place / 512 * 512;
                Arrays.fill(bytes, sector, Math.min(sector + 512, bytes.length), (byte) 0);
                disk.overwrite(name, bytes);
            }
            default -> disk.flip(name, place, random.between(1, 255));
        }
    }
}
