package dev.quorate.sample.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.sample.kv.cli.FreePorts;
import dev.quorate.simulator.trace.BoundedTrace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guides/embedding.md shows is code of this package, and works. */
@Timeout(60)
class EmbeddingGuideTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path SOURCES = Path.of("src/test/java/dev/quorate/sample/guide");
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PrivateKey replicaKey = SCHEME.generate(RANDOM);
    private final PrivateKey clientKey = SCHEME.generate(RANDOM);

    @Test
    void everyLineOfJavaInTheGuideIsCompiledHere() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                sources.append(withoutSpace(Files.readString(file)));
            }
        }
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("docs/guides/embedding.md")));
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(withoutSpace(block.group(1)));
        }
        assertThat(blocks).hasSize(9).allSatisfy(shown -> assertThat(sources).contains(shown));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    private ClusterConfig cluster() throws Exception {
        // One replica alone tolerates no fault, but it is a cluster.
        ReplicaInfo replica =
                new ReplicaInfo(new ReplicaId(0), "127.0.0.1", FreePorts.find(1).get(0), SCHEME.publicKey(replicaKey));
        return new ClusterConfig(
                ClusterConfig.newClusterId(RANDOM),
                Protocol.PBFT,
                SCHEME.name(),
                List.of(replica),
                List.of(new ClientInfo(new ClientId(0), SCHEME.publicKey(clientKey))),
                Limits.defaults());
    }

    @Test
    void theLedgerWorksAndItsReplicaIsTraced(@TempDir Path dir) throws Exception {
        ClusterConfig cluster = cluster();
        BoundedTrace recorder = new BoundedTrace(1000);
        try (Replica replica = Embedding.startTraced(cluster, new Identity(replicaKey), recorder);
                BftClient client = BftClient.connect(cluster, new Identity(clientKey))) {
            byte[] balance = client.invoke(Embedding.deposit("alice", 50)).join();
            assertThat(ByteBuffer.wrap(balance).getLong()).isEqualTo(50);
            assertThat(Embedding.withdraw(client, "alice", 60)).isEmpty();
            assertThat(Embedding.withdraw(client, "alice", 20)).isEqualTo(OptionalLong.of(30));
            assertThat(replica.isRunning()).isTrue();
        }
        Path page = dir.resolve("replica-0.html");
        Embedding.draw(recorder, page);
        assertThat(Files.readString(page)).contains("REQUEST", "REPLY");
    }

    @Test
    void alarmsAreTold() throws Exception {
        ClusterConfig cluster = cluster();
        List<String> told = new CopyOnWriteArrayList<>();
        Replica.builder()
                .cluster(cluster)
                .identity(new Identity(replicaKey))
                .service(new Ledger())
                .listener(new Alarms(told::add))
                .start()
                .close();
        await().until(() -> told.contains("the replica has stopped"));
    }

    @Test
    void theExchangeWorksWithFastReads() throws Exception {
        ClusterConfig slow = cluster();
        ClusterConfig cluster = new ClusterConfig(
                slow.clusterId(),
                slow.protocol(),
                slow.signatureScheme(),
                slow.replicas(),
                slow.clients(),
                slow.limits(),
                true);
        try (Replica replica = Replica.builder()
                        .cluster(cluster)
                        .identity(new Identity(replicaKey))
                        .service(new Exchange(() -> 117))
                        .start();
                BftClient client = BftClient.connect(cluster, new Identity(clientKey))) {
            byte[] ten = ByteBuffer.allocate(Long.BYTES).putLong(10).array();
            assertThat(ByteBuffer.wrap(client.invoke(ten).join()).getLong()).isEqualTo(1170);
            assertThat(Embedding.eurosChanged(client)).isEqualTo(10);
            assertThat(replica.isRunning()).isTrue();
        }
    }

    @Test
    void theExchangeRefusesWhatIsFarFromItsOwnRate() {
        Exchange exchange = new Exchange(() -> 117);
        assertThat(exchange.accepts(List.of(), new Exchange(() -> 122).predict(List.of())))
                .isTrue();
        assertThat(exchange.accepts(List.of(), new Exchange(() -> 123).predict(List.of())))
                .isFalse();
        assertThat(exchange.accepts(List.of(), new byte[0])).isFalse();
    }

    @Test
    void equalLedgersWriteEqualBytes() throws Exception {
        Ledger one = new Ledger();
        Ledger other = new Ledger();
        for (String account : List.of("bob", "alice", "carol")) {
            one.execute(operation(account));
        }
        for (String account : List.of("carol", "bob", "alice")) {
            other.execute(operation(account));
        }
        assertThat(written(other)).isEqualTo(written(one));
        Ledger restored = new Ledger();
        restored.restore(new SnapshotReader(new ByteArrayInputStream(written(one))));
        assertThat(written(restored)).isEqualTo(written(one));
    }

    private static Operation operation(String account) {
        return new Operation(new ClientId(0), new SequenceNumber(1), Bytes.wrap(Embedding.deposit(account, 7)));
    }

    private static byte[] written(Ledger ledger) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotWriter out = new SnapshotWriter(bytes);
        ledger.snapshot(out);
        out.flush();
        return bytes.toByteArray();
    }
}
