package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Clients that write one after the other for as long as they are let, and notice whatever is lost or executed twice.
 *
 * <p>Each has two keys. One counts up by compare-and-set, so a write that was lost makes the next one fail. The other goes
 * back and forth between two values, so a write that is executed again, however late, makes the next one fail.
 */
final class Writers implements AutoCloseable {
    /** For a machine that is busy with other things; nothing is measured by it. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A write: when it was begun and when it was acknowledged, in the time of {@link System#nanoTime}. */
    record Write(long beginNanos, long endNanos) {}

    private final List<KvClient> clients = new ArrayList<>();
    private final List<Future<Long>> counts = new ArrayList<>();
    private final List<Write> writes = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads;
    private final String prefix;
    private volatile boolean stopping;

    private Writers(int clients, String prefix) {
        this.prefix = prefix;
        this.threads = Executors.newFixedThreadPool(clients);
    }

    /** Connects clients 0, 1, …, and has them write at once. */
    static Writers start(LocalCluster cluster, int clients) throws IOException {
        return start(cluster, clients, "writer");
    }

    /** The same with other keys than earlier writers had. */
    static Writers start(LocalCluster cluster, int clients, String prefix) throws IOException {
        Writers writers = new Writers(clients, prefix);
        ClusterConfig config = ClientOptions.withTimeout(cluster.config(), PATIENCE);
        for (int id = 0; id < clients; id++) {
            KvClient client = KvClient.connect(config, cluster.folder().clientIdentity(config, id));
            writers.clients.add(client);
            String name = prefix + "-" + id;
            writers.counts.add(writers.threads.submit(() -> writers.write(client, name)));
        }
        return writers;
    }

    KvClient client(int id) {
        return clients.get(id);
    }

    private long write(KvClient client, String name) throws InterruptedException {
        Bytes counter = text(name + "/counter");
        Bytes toggle = text(name + "/toggle");
        long count = 0;
        while (!stopping) {
            Optional<Bytes> before = count == 0 ? Optional.empty() : Optional.of(text("value " + count));
            compareAndSet(client, counter, before, text("value " + (count + 1)));
            Optional<Bytes> other = count == 0 ? Optional.empty() : Optional.of(text("state " + count % 2));
            compareAndSet(client, toggle, other, text("state " + (count + 1) % 2));
            count++;
        }
        return count;
    }

    private void compareAndSet(KvClient client, Bytes key, Optional<Bytes> expected, Bytes update)
            throws InterruptedException {
        long begin = System.nanoTime();
        assertThat(KvClient.await(client.compareAndSet(key, expected, update), PATIENCE))
                .as("%s was %s, as acknowledged", key, expected)
                .isTrue();
        writes.add(new Write(begin, System.nanoTime()));
    }

    /** How many writes were acknowledged so far; throws what a writer failed with. */
    int acknowledged() throws InterruptedException {
        for (Future<Long> count : counts) {
            if (count.isDone() && !stopping) {
                failureOf(count);
            }
        }
        return writes.size();
    }

    private static void failureOf(Future<Long> writer) throws InterruptedException {
        try {
            writer.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a writer failed", e.getCause());
        }
    }

    /** What was acknowledged so far, in the order of the acknowledgements. */
    List<Write> writes() {
        synchronized (writes) {
            return List.copyOf(writes);
        }
    }

    /** Waits until so many more writes have been acknowledged. */
    void awaitMore(int count) throws InterruptedException {
        int target = acknowledged() + count;
        while (acknowledged() < target) {
            Thread.sleep(5);
        }
    }

    /** Ends the writing, and checks that each counter is where its writer left it, as another client sees it. */
    void stopAndCheck() throws Exception {
        stopping = true;
        for (int id = 0; id < counts.size(); id++) {
            long count = counts.get(id).get();
            KvClient reader = clients.get((id + 1) % clients.size());
            assertThat(KvClient.await(reader.get(text(prefix + "-" + id + "/counter")), PATIENCE))
                    .isEqualTo(Optional.of(text("value " + count)));
            assertThat(KvClient.await(reader.get(text(prefix + "-" + id + "/toggle")), PATIENCE))
                    .isEqualTo(Optional.of(text("state " + count % 2)));
        }
    }

    @Override
    public void close() {
        stopping = true;
        clients.forEach(KvClient::close);
        threads.shutdownNow();
    }

    static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
