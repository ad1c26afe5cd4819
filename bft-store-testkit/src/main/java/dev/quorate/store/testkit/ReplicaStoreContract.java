package dev.quorate.store.testkit;

import static dev.quorate.store.testkit.Samples.OWNER;
import static dev.quorate.store.testkit.Samples.at;
import static dev.quorate.store.testkit.Samples.cell;
import static dev.quorate.store.testkit.Samples.logged;
import static dev.quorate.store.testkit.Samples.owner;
import static dev.quorate.store.testkit.Samples.records;
import static dev.quorate.store.testkit.Samples.snapshot;
import static dev.quorate.store.testkit.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreException.Reason;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.crypto.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a replica's store has to do, as JUnit tests: extend this and implement {@link #place}. What is expected after
 * an end of the process follows from {@link StoreUnderTest#afterwards}.
 */
public abstract class ReplicaStoreContract {
    @TempDir
    private Path folder;

    private StoreUnderTest place;
    private OpenedStore open;

    /** A new place for a store. */
    protected abstract StoreUnderTest place(Path emptyFolder) throws Exception;

    @BeforeEach
    final void findAPlace() throws Exception {
        place = place(folder);
        open = place.provider().open(OWNER);
    }

    @AfterEach
    final void tidyUp() throws Exception {
        open.store().close();
    }

    private ReplicaStore store() {
        return open.store();
    }

    private Recovered afterKill() throws Exception {
        place.kill();
        open = place.provider().open(OWNER);
        return open.recovered();
    }

    private Recovered afterClose() throws Exception {
        store().close();
        open = place.provider().open(OWNER);
        return open.recovered();
    }

    private void assumeItRemembers() {
        assumeTrue(place.afterwards() == Condition.INTACT, "a store that remembers");
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    // --- opening

    @Test
    void aNewStoreIsFreshUntilSomethingIsKept() throws Exception {
        for (int life = 0; life < 3; life++) {
            Recovered recovered = open.recovered();
            assertThat(recovered.condition()).isEqualTo(Condition.FRESH);
            assertThat(recovered.records()).isEmpty();
            assertThat(recovered.cells()).isEmpty();
            assertThat(recovered.snapshots()).isEmpty();
            afterKill();
        }
    }

    @Test
    void aStoreThatWasUsedSaysSo() throws Exception {
        store().append(records(1, 1));
        assertThat(afterKill().condition()).isEqualTo(place.afterwards());
        assertThat(afterClose().condition()).isEqualTo(place.afterwards());
    }

    @Test
    void aCellOrASnapshotIsUseToo() throws Exception {
        store().append(List.of(cell("view", "3")));
        assertThat(afterKill().condition()).isEqualTo(place.afterwards());
    }

    @Test
    void nobodyElseOpensAStoreThatIsOpen() throws Exception {
        assumeTrue(place.afterwards() != Condition.FRESH, "a store that is somewhere");
        assertRefused(Reason.IN_USE, () -> place.provider().open(OWNER));
        store().append(records(1, 1));
        assertThat(afterClose().condition()).isEqualTo(place.afterwards());
    }

    @Test
    void aStoreServesItsOwnerOnly() throws Exception {
        assumeTrue(place.afterwards() != Condition.FRESH, "a store that is somewhere");
        store().append(records(1, 1));
        store().close();
        for (StoreOwner other : List.of(owner(1, 3), owner(2, 2))) {
            assertRefused(Reason.FOREIGN, () -> place.provider().open(other));
        }
        open = place.provider().open(OWNER);
        assertThat(open.recovered().condition()).isEqualTo(place.afterwards());
    }

    @Test
    void aClosedStoreDoesNothing() throws Exception {
        store().append(records(1, 1));
        ReplicaStore closed = store();
        closed.close();
        closed.close();
        assertRefused(Reason.CLOSED, () -> closed.append(records(2, 2)));
        assertRefused(Reason.CLOSED, () -> closed.keep(snapshot(2, "a")));
        assertRefused(Reason.CLOSED, () -> closed.discardBelow(at(1)));
        assertRefused(Reason.CLOSED, closed::startOver);
        assertRefused(Reason.CLOSED, closed::endRejoin);
        open = place.provider().open(OWNER);
        assertThat(open.recovered().condition()).isEqualTo(place.afterwards());
    }

    // --- records and cells

    @Test
    void recordsComeBackInTheOrderOfAppending() throws Exception {
        assumeItRemembers();
        List<LogEntry> first = List.of(logged(5, "e"), logged(3, "c"), logged(5, ""), logged(3, "c"));
        store().append(first);
        store().append(List.of());
        assertThat(afterKill().records()).isEqualTo(first);
        store().append(records(6, 200));
        List<LogEntry> all = new ArrayList<>(first);
        all.addAll(records(6, 200));
        assertThat(afterKill().records()).isEqualTo(all);
        assertThat(afterClose().records()).isEqualTo(all);
        assertThat(open.recovered().findings()).isEmpty();
    }

    @Test
    void recordsOfAllSizesComeBack() throws Exception {
        assumeItRemembers();
        List<LogEntry> all = new ArrayList<>();
        for (int size : new int[] {0, 1, 7, 8, 9, 511, 512, 513, 4096, 70_000, 3_000_000, 5}) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) (i * 31 + size);
            }
            all.add(new LogEntry.Logged(at(size), Bytes.wrap(bytes)));
        }
        store().append(all);
        assertThat(afterKill().records()).isEqualTo(all);
    }

    @Test
    void recordsThatLookLikeAStoreAreStillRecords() throws Exception {
        assumeItRemembers();
        List<LogEntry> odd = List.of(
                new LogEntry.Logged(at(1), Bytes.wrap(new byte[5000])),
                new LogEntry.Logged(at(2), Bytes.fromHex("51524543".repeat(1000))),
                logged(3, "the last one"));
        store().append(odd);
        assertThat(afterKill().records()).isEqualTo(odd);
        assertThat(open.recovered().condition()).isEqualTo(Condition.INTACT);
    }

    @Test
    void theLastValueOfACellCounts() throws Exception {
        assumeItRemembers();
        store().append(List.of(cell("view", "1"), logged(1, "a"), cell("view", "2"), cell("incarnation", "7")));
        store().append(List.of(cell("view", "3")));
        assertThat(afterKill().cells()).isEqualTo(Map.of("view", text("3"), "incarnation", text("7")));
        store().append(List.of(cell("view", "")));
        assertThat(afterClose().cells()).isEqualTo(Map.of("view", text(""), "incarnation", text("7")));
        assertThat(open.recovered().records()).containsExactly(logged(1, "a"));
    }

    @Test
    void tooManyCellsAreRefusedAsAWhole() throws Exception {
        List<LogEntry> cells = new ArrayList<>();
        for (int i = 0; i < ReplicaStore.MAX_CELLS; i++) {
            cells.add(cell("c" + i, "value " + i));
        }
        store().append(cells);
        List<LogEntry> more = List.of(logged(1, "not to be kept"), cell("one-more", ""));
        assertThatThrownBy(() -> store().append(more)).isInstanceOf(IllegalArgumentException.class);
        store().append(cells);
        assumeItRemembers();
        assertThat(afterKill().records()).isEmpty();
        assertThat(open.recovered().cells()).hasSize(ReplicaStore.MAX_CELLS).doesNotContainKey("one-more");
    }

    // --- discarding

    @Test
    void whatIsDiscardedDoesNotComeBack() throws Exception {
        assumeItRemembers();
        store().append(records(1, 100));
        store().append(List.of(cell("view", "4"), logged(20, "late")));
        store().discardBelow(at(50));
        assertThat(afterKill().records()).isEqualTo(records(50, 100));
        store().append(List.of(logged(49, "too late"), logged(50, "just in time")));
        store().discardBelow(at(40));
        List<LogEntry> left = new ArrayList<>(records(50, 100));
        left.add(logged(50, "just in time"));
        assertThat(afterClose().records()).isEqualTo(left);
        store().discardBelow(at(101));
        assertThat(afterKill().records()).isEmpty();
        assertThat(open.recovered().cells()).isEqualTo(Map.of("view", text("4")));
        assertThat(open.recovered().condition()).isEqualTo(Condition.INTACT);
    }

    // --- snapshots

    @Test
    void snapshotsComeBackNewestFirst() throws Exception {
        assumeItRemembers();
        List<Snapshot> kept = List.of(
                snapshot(128, "a", "b", "c"), snapshot(256, "a", "x", "c", "c"), snapshot(384), snapshot(512, "", "a"));
        for (Snapshot snapshot : kept) {
            store().keep(snapshot);
        }
        List<Optional<Snapshot>> newestFirst = new ArrayList<>();
        kept.forEach(snapshot -> newestFirst.add(0, Optional.of(snapshot)));
        assertThat(afterKill().snapshots().stream().map(Samples::whole)).isEqualTo(newestFirst);
        assertThat(open.recovered().condition()).isEqualTo(Condition.INTACT);
    }

    @Test
    void aSnapshotMayBeKeptAgainWithACertificate() throws Exception {
        assumeItRemembers();
        store().keep(snapshot(128, "a", "b"));
        Snapshot again = new Snapshot(
                at(128),
                text("a better one"),
                text("manifest"),
                snapshot(128, "b", "z").chunks());
        store().keep(again);
        assertThat(afterKill().snapshots().stream().map(Samples::whole)).containsExactly(Optional.of(again));
    }

    @Test
    void discardingSnapshotsLeavesWhatOthersNeedOfThem() throws Exception {
        assumeItRemembers();
        store().keep(snapshot(128, "a", "b"));
        store().keep(snapshot(256, "b", "c"));
        store().keep(snapshot(384, "c", "a"));
        store().discardBelow(at(256));
        assertThat(afterKill().snapshots().stream().map(Samples::whole))
                .containsExactly(Optional.of(snapshot(384, "c", "a")), Optional.of(snapshot(256, "b", "c")));
        store().discardBelow(at(1000));
        assertThat(afterKill().snapshots().stream().map(Samples::whole))
                .as("the newest one stays in any case")
                .containsExactly(Optional.of(snapshot(384, "c", "a")));
        store().keep(snapshot(1024, "b", "a"));
        assertThat(afterKill().snapshots().stream().map(Samples::whole))
                .contains(Optional.of(snapshot(1024, "b", "a")));
    }

    // --- starting over

    @Test
    void startingOverLastsUntilTheRejoinEnds() throws Exception {
        store().append(records(1, 10));
        store().append(List.of(cell("view", "4")));
        store().startOver();
        assumeItRemembers();
        assertThat(afterKill().condition()).isEqualTo(Condition.REJOINING);
        assertThat(open.recovered().records()).isEmpty();
        assertThat(open.recovered().cells()).isEmpty();
        store().append(List.of(cell("incarnation", "2"), logged(400, "again")));
        assertThat(afterClose().condition()).isEqualTo(Condition.REJOINING);
        assertThat(open.recovered().records()).containsExactly(logged(400, "again"));
        store().endRejoin();
        assertThat(afterKill().condition()).isEqualTo(Condition.INTACT);
        assertThat(open.recovered().cells()).isEqualTo(Map.of("incarnation", text("2")));
    }

    @Test
    void aFreshReplicaMayRejoinToo() throws Exception {
        store().startOver();
        Condition expected = place.afterwards() == Condition.INTACT ? Condition.REJOINING : place.afterwards();
        assertThat(afterKill().condition()).isEqualTo(expected);
    }

    @Test
    void startingOverKeepsSnapshots() throws Exception {
        assumeItRemembers();
        store().keep(snapshot(128, "a"));
        store().startOver();
        assertThat(afterKill().snapshots().stream().map(Samples::whole))
                .containsExactly(Optional.of(snapshot(128, "a")));
    }

    @Test
    void nothingIsKeptBetweenLossAndStartingOver() throws Exception {
        assumeTrue(place.afterwards() == Condition.LOST, "a store that knows that it forgot");
        store().append(records(1, 1));
        assertThat(afterKill().condition()).isEqualTo(Condition.LOST);
        assertThat(open.recovered().findings()).isNotEmpty();
        assertRefused(Reason.LOST, () -> store().append(records(2, 2)));
        assertRefused(Reason.LOST, () -> store().keep(snapshot(2, "a")));
        assertRefused(Reason.LOST, () -> store().discardBelow(at(2)));
        assertRefused(Reason.LOST, () -> store().endRejoin());
        store().startOver();
        store().append(records(2, 2));
    }
}
