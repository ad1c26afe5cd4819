package dev.quorate.sample.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.KeyFiles;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.sample.kv.cli.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is code of these tests, and works. */
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path SOURCES = Path.of("src/test/java/dev/quorate/sample/counter");

    @Test
    void everyLineOfJavaInTheReadmeIsCompiledHere() throws Exception {
        String sources = withoutSpace(Files.readString(SOURCES.resolve("Counter.java"))
                + Files.readString(SOURCES.resolve("FromFiles.java")));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        int blocks = 0;
        while (block.find()) {
            assertThat(sources).contains(withoutSpace(block.group(1)));
            blocks++;
        }
        assertThat(blocks).isEqualTo(3);
    }

    @Test
    void aReplicaAndAClientStartFromFiles(@TempDir Path dir) throws Exception {
        SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);
        SecureRandom random = new SecureRandom();
        PrivateKey replicaKey = scheme.generate(random);
        PrivateKey clientKey = scheme.generate(random);
        KeyFiles.write(dir.resolve("replica-0.key"), replicaKey);
        KeyFiles.write(dir.resolve("client-0.key"), clientKey);
        // One replica alone tolerates no fault, but it is a cluster.
        ReplicaInfo replica =
                new ReplicaInfo(new ReplicaId(0), "127.0.0.1", FreePorts.find(1).get(0), scheme.publicKey(replicaKey));
        ClusterConfig cluster = new ClusterConfig(
                ClusterConfig.newClusterId(random),
                Protocol.PBFT,
                scheme.name(),
                List.of(replica),
                List.of(new ClientInfo(new ClientId(0), scheme.publicKey(clientKey))),
                Limits.defaults());
        Files.writeString(dir.resolve("cluster.yaml"), cluster.toYaml());
        Files.writeString(dir.resolve("replica-0.new"), "never started");
        try (Replica running = FromFiles.replica(dir)) {
            assertThat(FromFiles.add(dir, 40)).isEqualTo(40);
            assertThat(FromFiles.add(dir, 2)).isEqualTo(42);
            assertThat(running.isRunning()).isTrue();
        }
        try (Replica again = FromFiles.replica(dir)) {
            assertThat(FromFiles.add(dir, 1)).isEqualTo(43);
            assertThat(again.isRunning()).isTrue();
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }
}
