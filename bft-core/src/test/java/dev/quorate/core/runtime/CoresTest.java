package dev.quorate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.TestCluster;
import dev.quorate.crypto.PrivateKey;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoresTest {
    private static final TestCluster CLUSTER = TestCluster.pbft(4);

    @Test
    void aKeyMakesAReplicaOrAClient() {
        ReplicaCore replica = ReplicaCore.create(CLUSTER.config(), CLUSTER.replica(2), new Echo());
        ClientCore client = ClientCore.create(CLUSTER.config(), CLUSTER.client(3), 1);

        assertThat(replica.id()).isEqualTo(new ReplicaId(2));
        assertThat(client.id()).isEqualTo(new ClientId(3));
    }

    @Test
    @DisplayName("K2: a key that is not in the configuration, or belongs to the other kind, is refused")
    void k2AForeignKeyIsRefused() {
        Identity stranger = TestCluster.pbft(4).replica(77);
        for (Identity other : new Identity[] {stranger, CLUSTER.client(0)}) {
            assertThatThrownBy(() -> ReplicaCore.create(CLUSTER.config(), other, new Echo()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("replica");
        }
        for (Identity other : new Identity[] {stranger, CLUSTER.replica(0)}) {
            assertThatThrownBy(() -> ClientCore.create(CLUSTER.config(), other, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("client");
        }
        Identity foreign =
                new Identity(new PrivateKey("another", CLUSTER.replica(0).key().encoded()));
        assertThatThrownBy(() -> ReplicaCore.create(CLUSTER.config(), foreign, new Echo()))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void aReplicaNeedsEverything() {
        assertThatThrownBy(() -> Replica.builder().cluster(CLUSTER.config()).start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("cluster", "identity", "service");
    }

    @Test
    void withoutARuntimeTheMessageSaysWhatToAdd() {
        assertThatThrownBy(() -> BftClient.connect(CLUSTER.config(), CLUSTER.client(0)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bft-transport");
    }

    @Test
    void aRuntimeIsFoundThroughServiceLoader(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(RuntimeProvider.class.getName()), Plugged.class.getName());
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            assertThatThrownBy(() -> BftClient.connect(CLUSTER.config(), CLUSTER.client(0)))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("plugged in");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void minBftNeedsAUsig() {
        TestCluster minbft = TestCluster.of(Protocol.MINBFT, 3, 1, Limits.defaults());
        assertThatThrownBy(() -> ReplicaCore.create(minbft.config(), minbft.replica(0), new Echo()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("USIG");
    }

    /** A runtime that says no. */
    public static final class Plugged implements RuntimeProvider {
        @Override
        public Replica start(ReplicaSetup setup) {
            throw new UnsupportedOperationException("plugged in");
        }

        @Override
        public BftClient connect(ClusterConfig cluster, Identity identity) {
            throw new UnsupportedOperationException("plugged in");
        }
    }

    private static final class Echo implements ReplicatedService {
        @Override
        public byte[] execute(Operation operation) {
            return operation.toByteArray();
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            out.writeInt(0);
        }

        @Override
        public void restore(SnapshotReader in) throws IOException {
            in.readInt();
        }
    }
}
