package dev.quorate.sample.guide;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.InvocationException;
import dev.quorate.core.Replica;
import dev.quorate.core.storage.FileStore;
import dev.quorate.simulator.trace.BoundedTrace;
import dev.quorate.simulator.trace.HtmlTrace;
import dev.quorate.simulator.trace.ReplicaTrace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What the guide for embedders shows. */
final class Embedding {
    private Embedding() {}

    static Replica start(Path dir) throws IOException {
        ClusterConfig cluster = ClusterConfig.load(dir.resolve("cluster.yaml"));
        Replica replica = Replica.builder()
                .cluster(cluster)
                .identity(Identity.load(dir.resolve("replica-0.key")))
                .service(new Ledger())
                .storage(FileStore.in(dir.resolve("store-0")))
                .bootstrap(Files.exists(dir.resolve("replica-0.new")))
                .listener(new Alarms(System.err::println))
                .start();
        Files.deleteIfExists(dir.resolve("replica-0.new"));
        Runtime.getRuntime().addShutdownHook(new Thread(replica::close));
        return replica;
    }

    static byte[] deposit(String account, long amount) {
        byte[] name = account.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + name.length)
                .putLong(amount)
                .put(name)
                .array();
    }

    /** The new balance; empty if the account does not have so much. */
    static OptionalLong withdraw(BftClient client, String account, long amount) {
        CompletableFuture<byte[]> result = client.invoke(deposit(account, -amount));
        try {
            return OptionalLong.of(ByteBuffer.wrap(result.join()).getLong());
        } catch (CompletionException e) {
            if (e.getCause() instanceof InvocationException failure
                    && failure.reason() == InvocationException.Reason.SERVICE_FAILED) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    static long eurosChanged(BftClient client) {
        return ByteBuffer.wrap(client.read(new byte[0]).join()).getLong();
    }

    static Replica startTraced(ClusterConfig cluster, Identity identity, BoundedTrace recorder) throws IOException {
        return Replica.builder()
                .cluster(cluster)
                .identity(identity)
                .service(new Ledger())
                .observer(new ReplicaTrace(cluster, recorder))
                .start();
    }

    static void draw(BoundedTrace recorder, Path page) throws IOException {
        HtmlTrace.write(recorder.trace("replica 0", Map.of("service", "ledger")), page);
    }
}
