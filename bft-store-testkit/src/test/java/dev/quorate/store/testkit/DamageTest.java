package dev.quorate.store.testkit;

import static dev.quorate.store.testkit.Samples.OWNER;
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
import dev.quorate.core.storage.Finding;
import dev.quorate.core.storage.Finding.Category;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.StoreCheck;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoredSnapshot;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.disk.PowerFailure;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of damage at every place: what is said of it, and what is recovered. */
class DamageTest {
    private static final int SMALL_BLOCK = 4096;

    private final SimulatedDisk disk = new SimulatedDisk(7);

    /** Three segments, 21 records, a cell and two snapshots that share a chunk; the process was killed. */
    @BeforeEach
    void aStoreWithEverything() throws StoreException {
        ReplicaStore store = open().store();
        store.append(List.of(cell("view", "3")));
        for (int group = 0; group < 4; group++) {
            store.append(records(group * 5 + 1, group * 5 + 5));
        }
        store.keep(snapshot(8, "shared", "old"));
        store.keep(snapshot(16, "shared", "new"));
        store.append(List.of(logged(21, "the newest record")));
        disk.kill();
        assertThat(segments()).hasSizeGreaterThanOrEqualTo(3);
    }

    private OpenedStore open() throws StoreException {
        return FileStore.on(disk, SimulatedPlace.small(Durability.SYNC)).open(OWNER);
    }

    private List<String> segments() {
        return disk.names().stream().filter(name -> name.startsWith("log-")).toList();
    }

    private String newestSegment() {
        return segments().get(segments().size() - 1);
    }

    private int find(String name, String text) {
        byte[] bytes = disk.read(name);
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError(text + " is not in " + name);
    }

    private String segmentWith(String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        return segments().stream()
                .filter(name -> new String(disk.read(name), StandardCharsets.ISO_8859_1)
                        .contains(new String(wanted, StandardCharsets.ISO_8859_1)))
                .findFirst()
                .orElseThrow();
    }

    /** Checks that both the check and the opening say it, that the check changes nothing, and that starting over helps. */
    private void assertAmnesia(String where) throws StoreException {
        List<String> before = disk.names();
        StoreCheck.Report report = StoreCheck.check(disk);
        assertThat(report.condition()).isEqualTo(Condition.LOST);
        assertThat(report.toString()).contains(where, "start over and rejoin");
        assertThat(disk.names()).isEqualTo(before);
        OpenedStore opened = open();
        Recovered recovered = opened.recovered();
        assertThat(recovered.condition()).isEqualTo(Condition.LOST);
        assertThat(recovered.records()).isEmpty();
        assertThat(recovered.cells()).isEmpty();
        assertThat(recovered.findings())
                .anySatisfy(finding -> assertThat(finding.toString()).contains("AMNESIA", where));
        assertThat(recovered.snapshots().stream().map(Samples::whole))
                .as("snapshots are proven by others")
                .contains(Optional.of(snapshot(16, "shared", "new")));
        assertThatThrownBy(() -> opened.store().append(records(22, 22))).hasMessageContaining("start over");
        opened.store().startOver();
        opened.store().append(records(100, 101));
        opened.store().close();
        OpenedStore again = open();
        assertThat(again.recovered().condition()).isEqualTo(Condition.REJOINING);
        assertThat(again.recovered().records()).isEqualTo(records(100, 101));
    }

    private void assertIntact(Recovered recovered) {
        assertThat(recovered.condition()).isEqualTo(Condition.INTACT);
        assertThat(recovered.records()).hasSize(21);
        assertThat(recovered.cells()).containsKey("view");
    }

    private static List<Category> categories(Recovered recovered) {
        return recovered.findings().stream().map(Finding::category).toList();
    }

    @Test
    void withoutDamageThereIsNothingToSay() throws StoreException {
        StoreCheck.Report report = StoreCheck.check(disk);
        assertThat(report.isSound()).isTrue();
        assertThat(report.owner()).contains(OWNER);
        assertThat(report.toString())
                .contains(
                        "replica 2",
                        "21 records",
                        "s=21",
                        "cell view",
                        "snapshot of s=16: 2 chunks",
                        "All records that were ever");
        Recovered recovered = open().recovered();
        assertIntact(recovered);
        assertThat(recovered.findings()).isEmpty();
        assertThatThrownBy(() -> StoreCheck.check(disk)).hasMessageContaining("stop it first");
    }

    @Test
    void aPlaceWithoutAStoreIsNoDamage() throws StoreException {
        assertThat(StoreCheck.check(new SimulatedDisk(1)).toString()).contains("there is no store");
    }

    // --- the log

    @ParameterizedTest
    @ValueSource(strings = {"record 1", "record 8", "record 20", "the newest record"})
    void d1ADamagedRecordIsFoundWhereverItIs(String text) throws StoreException {
        String segment = segmentWith(text);
        disk.flip(segment, find(segment, text), 1);
        assertAmnesia(segment);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 16, 20, 24, 28})
    void d1ADamagedHeaderOfTheNewestRecordIsFound(int offset) throws StoreException {
        String segment = newestSegment();
        disk.flip(segment, find(segment, "the newest record") - 32 + offset, 0x40);
        assertAmnesia(segment);
    }

    @Test
    void d1AWholeNewestGroupThatIsGoneIsFound() throws StoreException {
        String segment = newestSegment();
        byte[] bytes = disk.read(segment);
        int block = find(segment, "the newest record") / SMALL_BLOCK * SMALL_BLOCK;
        Arrays.fill(bytes, block, bytes.length, (byte) 0);
        disk.overwrite(segment, bytes);
        assertAmnesia(segment);
    }

    /** Without the mark, what was written later proves that it was durable before. */
    @Test
    void d1DamageInTheMiddleIsFoundEvenIfTheMarkIsOld() throws StoreException {
        SimulatedDisk other = new SimulatedDisk(1);
        ReplicaStore store = FileStore.on(other, SimulatedPlace.small(Durability.SYNC))
                .open(OWNER)
                .store();
        byte[] oldMark = other.read("mark");
        store.append(List.of(logged(1, "first vote")));
        store.append(List.of(logged(2, "second vote")));
        other.kill();
        other.overwrite("mark", oldMark);
        String segment = "log-0000000000000000001";
        other.flip(segment, 4096 + 32, 1);
        Recovered recovered = FileStore.on(other, SimulatedPlace.small(Durability.SYNC))
                .open(OWNER)
                .recovered();
        assertThat(recovered.condition()).isEqualTo(Condition.LOST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void d1AMissingSegmentIsFound(int index) throws StoreException {
        String segment = index == 2 ? newestSegment() : segments().get(index);
        disk.lose(segment);
        assertAmnesia(segment);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void d1ADamagedSegmentHeaderIsFound(int index) throws StoreException {
        String segment = index == 2 ? newestSegment() : segments().get(index);
        disk.flip(segment, 30, 1);
        assertAmnesia(segment);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 4096, 5000})
    void d1AShortenedSegmentIsFound(int length) throws StoreException {
        String segment = newestSegment();
        disk.overwrite(segment, Arrays.copyOf(disk.read(segment), length));
        assertAmnesia(segment);
    }

    @Test
    void d2ATornTailIsCutOffAndSaid() throws StoreException {
        int cuts = 0;
        for (int seed = 0; seed < 40; seed++) {
            SimulatedDisk torn = new SimulatedDisk(seed);
            ReplicaStore store = FileStore.on(torn, SimulatedPlace.small(Durability.SYNC))
                    .open(OWNER)
                    .store();
            store.append(records(1, 5));
            torn.crashAfter(1);
            assertThatThrownBy(() -> store.append(records(6, 200))).isInstanceOf(PowerFailure.class);
            torn.losePower(true);
            boolean said = StoreCheck.check(torn).toString().contains("cut off");
            Recovered recovered = FileStore.on(torn, SimulatedPlace.small(Durability.SYNC))
                    .open(OWNER)
                    .recovered();
            assertThat(recovered.condition()).isEqualTo(Condition.INTACT);
            assertThat(recovered.records()).startsWith(records(1, 5).toArray(LogEntry.Logged[]::new));
            assertThat(categories(recovered).contains(Category.CUT)).isEqualTo(said);
            cuts += said ? 1 : 0;
        }
        assertThat(cuts).isPositive();
    }

    @Test
    void d3AWriteToTheWrongPlaceIsFound() throws StoreException {
        int lost = 0;
        for (int seed = 0; seed < 20; seed++) {
            SimulatedDisk wrong = new SimulatedDisk(seed);
            ReplicaStore store = FileStore.on(wrong, SimulatedPlace.small(Durability.SYNC))
                    .open(OWNER)
                    .store();
            store.append(records(1, 5));
            wrong.faults().misdirectNextWrite();
            store.append(List.of(logged(6, "misdirected")));
            wrong.kill();
            Recovered recovered = FileStore.on(wrong, SimulatedPlace.small(Durability.SYNC))
                    .open(OWNER)
                    .recovered();
            assertThat(recovered.condition()).isEqualTo(Condition.LOST);
            lost++;
        }
        assertThat(lost).isEqualTo(20);
    }

    @Test
    void d3SegmentsInTheWrongOrderAreFound() throws StoreException {
        String first = segments().get(0);
        String second = segments().get(1);
        byte[] bytes = disk.read(first);
        disk.overwrite(first, disk.read(second));
        disk.overwrite(second, bytes);
        assertAmnesia("the file holds segment 2");
    }

    @Test
    void d3ASegmentOfAnotherStoreIsFound() throws StoreException {
        SimulatedDisk other = new SimulatedDisk(99);
        FileStore.on(other, SimulatedPlace.small(Durability.SYNC)).open(OWNER);
        String first = segments().get(0);
        disk.overwrite(
                first,
                other.read(other.names().stream()
                        .filter(name -> name.startsWith("log-"))
                        .findFirst()
                        .orElseThrow()));
        assertAmnesia("belongs to another log");
    }

    // --- what is beside the log

    @Test
    void d7OneDamagedCopyOfTheMarkDoesNoHarm() throws StoreException {
        for (int slot = 0; slot < 2; slot++) {
            disk.flip("mark", slot * SMALL_BLOCK + 20, 1);
            assertThat(StoreCheck.check(disk).isSound()).isFalse();
            OpenedStore opened = open();
            assertIntact(opened.recovered());
            assertThat(categories(opened.recovered())).containsExactly(Category.REPAIRABLE);
            disk.kill();
        }
    }

    @Test
    void d7WithoutTheMarkNothingIsCertain() throws StoreException {
        disk.flip("mark", 20, 1);
        disk.flip("mark", SMALL_BLOCK + 20, 1);
        assertAmnesia("mark");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mark", "identity"})
    void d7AMissingFileIsFound(String name) throws StoreException {
        disk.lose(name);
        assertAmnesia(name);
    }

    @Test
    void d7ADamagedIdentityIsFound() throws StoreException {
        disk.flip("identity", 20, 1);
        assertAmnesia("identity");
    }

    // --- snapshots

    private StoredSnapshot newest(Recovered recovered) {
        return recovered.snapshots().get(0);
    }

    private String chunk(String content) {
        return "chunk-" + Digest.sha256(Samples.text(content)).toHex();
    }

    @Test
    void d6ADamagedChunkIsFetchedAndMended() throws StoreException {
        disk.flip(chunk("new"), 0, 1);
        assertThat(StoreCheck.check(disk).toString()).contains("chunk 1 of the snapshot of s=16 is damaged");
        OpenedStore opened = open();
        assertIntact(opened.recovered());
        assertThat(newest(opened.recovered()).chunk(0)).isPresent();
        assertThat(newest(opened.recovered()).chunk(1)).isEmpty();
        opened.store().keep(snapshot(16, "shared", "new"));
        opened.store().close();
        assertThat(Samples.whole(newest(open().recovered()))).contains(snapshot(16, "shared", "new"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void d6AMissingOrShortenedChunkIsSaidAtOnce(boolean missing) throws StoreException {
        if (missing) {
            disk.lose(chunk("shared"));
        } else {
            disk.overwrite(chunk("shared"), new byte[2]);
        }
        assertThat(StoreCheck.check(disk).toString())
                .contains("chunk 0 of the snapshot of s=16 is missing, or has a wrong length");
        Recovered recovered = open().recovered();
        assertIntact(recovered);
        assertThat(categories(recovered)).containsOnly(Category.REPAIRABLE);
        assertThat(newest(recovered).isComplete()).isFalse();
        assertThat(newest(recovered).chunk(1)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 20, 24, 28, 35, 60, 100})
    void d6WithoutTheNewestSnapshotAnOlderOneHasToDo(int offset) throws StoreException {
        disk.flip("snapshot-0000000000000000016", offset, 0x40);
        Recovered recovered = open().recovered();
        assertIntact(recovered);
        assertThat(categories(recovered)).containsExactly(Category.REPAIRABLE);
        assertThat(Samples.whole(newest(recovered))).contains(snapshot(8, "shared", "old"));
    }

    @Test
    void d6AMissingNewestSnapshotIsSaid() throws StoreException {
        disk.lose("snapshot-0000000000000000016");
        Recovered recovered = open().recovered();
        assertIntact(recovered);
        assertThat(recovered.findings()).singleElement().asString().contains("newest snapshot is missing");
        assertThat(Samples.whole(newest(recovered))).contains(snapshot(8, "shared", "old"));
        assertThat(at(8)).isEqualTo(newest(recovered).sequenceNumber());
    }
}
