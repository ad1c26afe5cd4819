package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KeyValueStore;
import dev.quorate.sample.kv.KvClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gets that are not ordered. */
class FastGetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void initWritesThemIntoTheConfiguration() throws Exception {
        Path with = folder.resolve("with");
        Path without = folder.resolve("without");
        assertThat(Cli.run("init", with.toString(), "--fast-reads").exitCode()).isZero();
        assertThat(Cli.run("init", without.toString()).exitCode()).isZero();

        assertThat(ClusterConfig.load(with.resolve("cluster.yaml")).fastReads()).isTrue();
        assertThat(ClusterConfig.load(without.resolve("cluster.yaml")).fastReads())
                .isFalse();
    }

    @Test
    void aGetSeesWhatHasCompleted() throws Exception {
        ClusterFolder cluster = ClusterFolder.create(
                folder, Protocol.PBFT, FreePorts.find(4), 2, Limits.defaults(), true, Optional.empty());
        ClusterConfig config = ClientOptions.withTimeout(cluster.config(), PATIENCE);
        List<Replica> replicas = new ArrayList<>();
        try {
            for (int id = 0; id < 4; id++) {
                replicas.add(Replica.builder()
                        .cluster(cluster.config())
                        .identity(cluster.replicaIdentity(cluster.config(), id))
                        .service(new KeyValueStore())
                        .start());
            }
            try (KvClient writer = KvClient.connect(config, cluster.clientIdentity(config, 0));
                    KvClient reader = KvClient.connect(config, cluster.clientIdentity(config, 1))) {
                Bytes key = text("key");
                for (int i = 0; i < 50; i++) {
                    // Values come back, and keys go and come.
                    Bytes value = text("value " + i % 2);
                    KvClient.await(writer.put(key, value), PATIENCE);
                    assertThat(KvClient.await(reader.get(key), PATIENCE)).contains(value);
                    if (i % 5 == 0) {
                        KvClient.await(writer.delete(key), PATIENCE);
                        assertThat(KvClient.await(reader.get(key), PATIENCE)).isEqualTo(Optional.empty());
                    }
                }
            }
        } finally {
            replicas.forEach(Replica::close);
        }
    }

    private static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
