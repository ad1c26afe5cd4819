package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.InvocationException;
import dev.quorate.core.storage.Durability;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One measurement of a cluster that runs.
 *
 * @param timeout how long a client waits for a result
 * @param durability that of the replicas; empty if it is not known
 */
record Bench(
        int clients,
        int requestBytes,
        int replyBytes,
        Duration warmup,
        Duration measured,
        Duration timeout,
        Optional<Durability> durability) {
    private static final int CONNECT_AT_ONCE = 16;

    BenchReport run(ClusterFolder folder, ClusterConfig config, Progress progress)
            throws IOException, InterruptedException {
        List<KvClient> connected = new ArrayList<>();
        try {
            connect(folder, ClientOptions.withTimeout(config, timeout), connected, progress);
            ClosedLoop loop = new ClosedLoop(connected, requestBytes, replyBytes);
            return new BenchReport(config, this, loop.run(warmup, measured, progress));
        } finally {
            progress.end();
            connected.forEach(KvClient::close);
        }
    }

    /** Connects all clients before anything is measured: handshakes cost far more than requests. */
    private void connect(ClusterFolder folder, ClusterConfig config, List<KvClient> connected, Progress progress)
            throws IOException, InterruptedException {
        while (connected.size() < clients) {
            // The first one by itself: it tells whether there is a quorum at all.
            int some = connected.isEmpty() ? 1 : Math.min(CONNECT_AT_ONCE, clients - connected.size());
            List<CompletableFuture<Void>> first = new ArrayList<>();
            for (int i = 0; i < some; i++) {
                KvClient client = KvClient.connect(config, folder.clientIdentity(config, connected.size()));
                connected.add(client);
                first.add(client.noop(Bytes.EMPTY, 0));
            }
            for (CompletableFuture<Void> result : first) {
                requireResult(result);
            }
            progress.say(connected.size() + " of " + clients + " clients are connected");
        }
    }

    private void requireResult(CompletableFuture<Void> result) throws InterruptedException {
        try {
            KvClient.await(result, timeout);
        } catch (InvocationException e) {
            throw CliException.failure("no result within " + Seconds.show(timeout) + ": too few replicas answer", e);
        }
    }
}
