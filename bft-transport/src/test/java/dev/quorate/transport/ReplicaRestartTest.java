package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Replica;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas with stores, which end and start anew. */
@Timeout(120)
class ReplicaRestartTest {
    @TempDir
    private Path directory;

    private final List<Replica> running = new ArrayList<>();
    private LocalCluster cluster;

    @BeforeEach
    void configure() throws IOException {
        cluster = LocalCluster.of(
                4, 2, Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    }

    @AfterEach
    void stopAll() {
        running.forEach(Replica::close);
        running.clear();
    }

    private StoreProvider store(int id) {
        return FileStore.in(directory.resolve("store-" + id));
    }

    private Replica start(int id, boolean bootstrap) throws IOException {
        return start(id, store(id), bootstrap);
    }

    private Replica start(int id, StoreProvider store, boolean bootstrap) throws IOException {
        Replica replica =
                cluster.builder(id).storage(store).bootstrap(bootstrap).start();
        running.add(replica);
        return replica;
    }

    private void startAll(boolean bootstrap) throws IOException {
        for (int id = 0; id < 4; id++) {
            start(id, bootstrap);
        }
    }

    private long add(int times) {
        try (BftClient client = cluster.connect(0)) {
            long last = 0;
            for (int i = 0; i < times; i++) {
                last = ByteBuffer.wrap(client.invoke(Counter.add(1)).join()).getLong();
            }
            return last;
        }
    }

    /** With operations above the last checkpoint, and with none at all before one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 11})
    void c2AllStopAndAllReturnAndNothingIsLost(int operations) throws IOException {
        startAll(true);
        assertThat(add(operations)).isEqualTo(operations);
        for (int round = 1; round <= 3; round++) {
            stopAll();
            startAll(false);
            assertThat(add(1)).isEqualTo(operations + round);
        }
    }

    @Test
    void d4AReplicaWhoseStoreFailsStopsAndGoesOnOnceItIsMended() throws IOException {
        AtomicBoolean broken = new AtomicBoolean();
        StoreProvider breakable = owner -> {
            OpenedStore opened = store(3).open(owner);
            return new OpenedStore(new Breakable(opened.store(), broken), opened.recovered());
        };
        for (int id = 0; id < 3; id++) {
            start(id, true);
        }
        Replica victim = start(3, breakable, true);
        assertThat(add(5)).isEqualTo(5);
        broken.set(true);
        assertThat(add(5)).isEqualTo(10);
        await().until(() -> !victim.isRunning());
        victim.close();

        broken.set(false);
        Replica again = start(3, breakable, false);
        running.get(0).close();
        assertThat(add(5)).as("3 is needed now").isEqualTo(15);
        assertThat(again.isRunning()).isTrue();
    }

    @Test
    void aStoreIsForOneReplicaAtATimeAndForNoOther() throws IOException {
        Replica first = start(0, true);
        assertThatThrownBy(() -> start(1, store(0), true))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.IN_USE))
                .hasMessageContaining("directory of its own");
        assertThat(first.isRunning()).isTrue();
        first.close();
        assertThatThrownBy(() -> start(1, store(0), true))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FOREIGN));
        // Nothing of the refused one is left, and nothing was changed.
        start(0, false);
    }

    @Test
    void aReplicaThatCannotListenGivesItsStoreBack() throws IOException {
        start(0, true);
        StoreProvider other = FileStore.in(directory.resolve("other"), Durability.ASYNC);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> start(0, other, true))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen");
        }
    }

    /** A store whose appends fail while it is broken, and ever after, as those of a file do. */
    private record Breakable(ReplicaStore store, AtomicBoolean broken) implements ReplicaStore {
        @Override
        public Durability durability() {
            return store.durability();
        }

        @Override
        public void append(List<LogEntry> group) throws StoreException {
            if (broken.get()) {
                throw new StoreException(StoreException.Reason.FAILED, "a test says so");
            }
            store.append(group);
        }

        @Override
        public void keep(Snapshot snapshot) throws StoreException {
            store.keep(snapshot);
        }

        @Override
        public void discardBelow(SequenceNumber stable) throws StoreException {
            store.discardBelow(stable);
        }

        @Override
        public void startOver() throws StoreException {
            store.startOver();
        }

        @Override
        public void endRejoin() throws StoreException {
            store.endRejoin();
        }

        @Override
        public void close() throws StoreException {
            store.close();
        }
    }
}
