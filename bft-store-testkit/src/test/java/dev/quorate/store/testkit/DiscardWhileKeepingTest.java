package dev.quorate.store.testkit;

import static dev.quorate.store.testkit.Samples.OWNER;
import static dev.quorate.store.testkit.Samples.at;
import static dev.quorate.store.testkit.Samples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.FileStore;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.disk.Disk;
import dev.quorate.simulator.disk.SimulatedDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A snapshot that takes long to write holds up nobody, and what was discarded meanwhile goes afterwards. */
@Timeout(60)
class DiscardWhileKeepingTest {
    private final SimulatedDisk disk = new SimulatedDisk(8);
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean slow;

    /** The disk, on which snapshots are slow as soon as they are to be. */
    private Disk slowDisk() {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (self, method, args) -> {
                    if (slow && method.getName().equals("create") && ((String) args[0]).startsWith("snapshot-")) {
                        writing.countDown();
                        goOn.await();
                    }
                    try {
                        return method.invoke(disk, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private List<String> snapshots() {
        return disk.names().stream()
                .filter(name -> name.startsWith("snapshot-"))
                .map(name -> name.replaceFirst("snapshot-0*", ""))
                .toList();
    }

    @Test
    void discardingDoesNotWait() throws Exception {
        ReplicaStore store = FileStore.on(slowDisk(), SimulatedPlace.small(Durability.SYNC))
                .open(OWNER)
                .store();
        store.keep(snapshot(1));
        store.keep(snapshot(2));
        slow = true;
        CompletableFuture<Void> kept = CompletableFuture.runAsync(() -> {
            try {
                store.keep(snapshot(3));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writing.await();
        store.discardBelow(at(3));
        assertThat(kept).isNotDone();
        assertThat(snapshots()).contains("1", "2");
        goOn.countDown();
        kept.get();
        assertThat(snapshots()).containsExactly("3");
        store.close();
    }
}
