package dev.quorate.sample.counter;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.Replica;
import dev.quorate.core.storage.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A replica and a client as they are started in earnest: configuration and keys come from files. */
final class FromFiles {
    private FromFiles() {}

    static Replica replica(Path dir) throws IOException {
        // tag::replica[]
        Replica replica = Replica.builder()
                .cluster(ClusterConfig.load(dir.resolve("cluster.yaml")))
                .identity(Identity.load(dir.resolve("replica-0.key")))
                .service(new Counter())
                .storage(FileStore.in(dir.resolve("store-0")))
                .bootstrap(Files.exists(dir.resolve("replica-0.new")))
                .start();
        Files.deleteIfExists(dir.resolve("replica-0.new"));
        // end::replica[]
        return replica;
    }

    static long add(Path dir, long addend) throws IOException {
        // tag::client[]
        ClusterConfig cluster = ClusterConfig.load(dir.resolve("cluster.yaml"));
        try (BftClient client = BftClient.connect(cluster, Identity.load(dir.resolve("client-0.key")))) {
            byte[] operation = ByteBuffer.allocate(Long.BYTES).putLong(addend).array();
            CompletableFuture<byte[]> reply = client.invoke(operation);
            return ByteBuffer.wrap(reply.join()).getLong();
        }
        // end::client[]
    }
}
