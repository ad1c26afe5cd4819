package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/** Clients that have a number of operations carried out as fast as they can, several of each at a time. */
final class Load implements AutoCloseable {
    private final int outstanding;
    private final List<KvClient> clients = new ArrayList<>();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Load(int outstanding) {
        this.outstanding = outstanding;
    }

    /** Clients 0, 1, …, of which each has so many operations under way at a time. */
    static Load connect(LocalCluster cluster, int clients, int outstanding) throws IOException {
        Load load = new Load(outstanding);
        ClusterConfig config = ClientOptions.withTimeout(cluster.config(), Writers.PATIENCE);
        for (int id = 0; id < clients; id++) {
            load.clients.add(KvClient.connect(config, cluster.folder().clientIdentity(config, id)));
        }
        return load;
    }

    KvClient client(int id) {
        return clients.get(id);
    }

    /** Puts {@code count} values of that size, over and over under the same {@code keys} keys. */
    void put(int count, int valueBytes, int keys) throws InterruptedException {
        run(count, i -> {
            byte[] value = new byte[valueBytes];
            // Not the same twice, so that nothing could be saved.
            for (int at = 0; at < valueBytes; at++) {
                value[at] = (byte) (i * 31 + at * 7);
            }
            return clients.get(i % clients.size()).put(Writers.text("key-" + i % keys), Bytes.wrap(value));
        });
    }

    /** Has nothing done, {@code count} times. */
    void noops(int count) throws InterruptedException {
        run(count, i -> clients.get(i % clients.size()).noop(Bytes.EMPTY, 0));
    }

    private void run(int count, IntFunction<CompletableFuture<Void>> operation) throws InterruptedException {
        Semaphore room = new Semaphore(clients.size() * outstanding);
        longestGapNanos.set(0);
        lastNanos.set(System.nanoTime());
        for (int i = 0; i < count && failure.get() == null; i++) {
            room.acquire();
            CompletableFuture<?> unused = operation.apply(i).whenComplete((done, thrown) -> {
                if (thrown != null) {
                    failure.compareAndSet(null, thrown);
                }
                one();
                room.release();
            });
        }
        room.acquire(clients.size() * outstanding);
        if (failure.get() != null) {
            throw new AssertionError("an operation failed", failure.get());
        }
    }

    private void one() {
        completed.incrementAndGet();
        long now = System.nanoTime();
        long gap = now - lastNanos.getAndSet(now);
        longestGapNanos.accumulateAndGet(gap, Math::max);
    }

    /** How many operations were carried out so far. On any thread. */
    long completed() {
        return completed.get();
    }

    /** The longest time between two results of the last run. */
    long longestGapNanos() {
        return longestGapNanos.get();
    }

    @Override
    public void close() {
        clients.forEach(KvClient::close);
    }
}
