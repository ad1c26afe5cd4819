package dev.quorate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.crypto.SignatureScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in a configuration ends with a message that names the file, the key and what is wrong. */
class ClusterConfigYamlTest {
    private static final ClusterConfig CONFIG =
            TestCluster.of(Protocol.PBFT, 4, 2, Limits.defaults()).config();
    private static final String GOOD = CONFIG.toYaml().replace("\nlimits:\n", "\nlimits: {}\n");

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenReadsAsTheSame() {
        assertThat(parse(GOOD)).isEqualTo(CONFIG);
    }

    @Test
    void everyLimitIsWrittenAndRead() {
        Limits limits = Limits.defaults();
        for (Limit limit : Limit.values()) {
            // The window has to be a multiple of the checkpoint interval.
            int value = limit.defaultValue() == limit.max() ? limit.min() : limit.defaultValue() * 2;
            limits = limits.with(limit, value);
        }
        ClusterConfig config = TestCluster.of(Protocol.PBFT, 3, 0, limits).config();

        assertThat(config.limits().changed()).hasSize(Limit.values().length);
        assertThat(parse(config.toYaml())).isEqualTo(config);
    }

    @Test
    void limitsMayBeLeftOut() {
        assertThat(parse(GOOD.replace("limits: {}", ""))).isEqualTo(CONFIG);
        assertThat(parse(CONFIG.toYaml().replace("#  window: 256", "  window: 512"))
                        .limits()
                        .get(Limit.WINDOW))
                .isEqualTo(512);
        assertThat(parse(GOOD.replace("limits: {}", "limits:\n  window: 512"))
                        .limits()
                        .get(Limit.WINDOW))
                .isEqualTo(512);
        assertThat(parse(GOOD.replace("limits: {}", "limits:\n  window: 256")))
                .as("a default that is written out is still the default")
                .isEqualTo(CONFIG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replica-0.example.org", "10.0.0.1", "::1", "fe80::1%eth0", "host_with_underscore"})
    void hostsOfEveryKindSurviveTheRoundTrip(String host) {
        List<ReplicaInfo> replicas = new ArrayList<>(CONFIG.replicas());
        replicas.set(
                2,
                new ReplicaInfo(
                        new ReplicaId(2), host, 65_535, CONFIG.replicas().get(2).key()));
        ClusterConfig config = with(replicas, CONFIG.clients());

        assertThat(parse(config.toYaml()).replica(new ReplicaId(2)).host()).isEqualTo(host);
        assertThat(parse(config.toYaml())).isEqualTo(config);
    }

    @Test
    void theLargestClusterSurvivesTheRoundTrip() {
        ClusterConfig config =
                TestCluster.of(Protocol.PBFT, 100, 2000, Limits.defaults()).config();

        assertThat(parse(config.toYaml())).isEqualTo(config);
        assertThat(config.f()).isEqualTo(33);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    unknown key              | format: 1              | format: 1\\ncolour: red | colour, clusterId
                    unknown key of a replica | - id: 1                | - weight: 2\\n    id: 1 | replicas[1], weight, address
                    unknown limit            | limits: {}             | limits: {windows: 2} | limits, windows, window,
                    duplicate key            | format: 1              | format: 1\\nformat: 1 | format, duplicate
                    missing key              | protocol: pbft         | none | protocol
                    another format           | format: 1              | format: 2 | format, 1
                    format as text           | format: 1              | format: one | format
                    unknown protocol         | protocol: pbft         | protocol: raft | protocol, raft, pbft, minbft
                    unknown signatures       | ed25519-bc             | rsa | signatures, rsa, ed25519-bc
                    protocol as a list       | protocol: pbft         | protocol: [pbft] | protocol
                    cluster id not in hex    | clusterId: "00      | clusterId: "zz | clusterId, hexadecimal
                    cluster id of odd length   | clusterId: "00      | clusterId: "0 | clusterId, hexadecimal
                    cluster id of 15 bytes   | clusterId: "0000    | clusterId: "00 | clusterId, 16 bytes
                    port zero                | localhost:7001         | localhost:0 | replicas[1], port 0, 1 to 65535
                    port too large           | localhost:7001         | localhost:65536 | replicas[1], 65536
                    port not a number        | localhost:7001         | localhost:http | replicas[1], address, http
                    no port                  | localhost:7001         | localhost | replicas[1], address, host:port
                    no host                  | localhost:7001         | :7001 | replicas[1], address, host:port
                    IPv6 without brackets    | localhost:7001         | ::1:7001 | replicas[1], address, [host]:port
                    a host with a blank      | localhost:7001         | local host:7001 | replicas[1], local host
                    ids not consecutive      | - id: 3                | - id: 4 | replica 4, place 3
                    an id twice              | - id: 3                | - id: 2 | replica 2, place 3
                    an id below zero         | - id: 3                | - id: -3 | replicas[3], -3
                    an id that is no number  | - id: 3                | - id: x | replicas[3], id
                    an id beyond 32 bits     | - id: 3                | - id: 4294967299 | replicas[3], id, 2^31
                    a replica without an id  | - id: 3                | - | replicas[3], id
                    a limit below its range  | limits: {}             | limits: {window: 1} | window, 1, 2 to 2097152 batches
                    a limit above its range  | limits: {}             | limits: {maxBatchRequests: 65537} | maxBatchRequests, 65537
                    a limit as text          | limits: {}             | limits: {window: many} | window, limits
                    a limit left empty       | limits: {}             | limits: {window: } | window, limits
                    window no multiple of K  | limits: {}             | limits: {window: 1000} | window, 1000, checkpointInterval, 64
                    window no two intervals  | limits: {}             | limits: {window: 64} | window, 64, checkpointInterval
                    """)
    void aMistakeIsNamed(String what, String before, String after, String expected) {
        String broken = GOOD.replace(unescape(before), after == null ? "" : unescape(after));
        assertThat(broken).as("the mistake is in the file").isNotEqualTo(GOOD);
        assertThatThrownBy(() -> parse(broken))
                .as(what)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.yaml")
                .hasMessageContainingAll(expected.split(", ?"));
    }

    @Test
    void membersHaveToBeLists() {
        assertMessage(
                "format: 1\nclusterId: \"00\"\nprotocol: pbft\nsignatures: ed25519-bc\nreplicas: 3\n",
                "replicas",
                "list");
        assertMessage(GOOD.replaceAll("(?s)clients:.*limits", "clients: 2\nlimits"), "clients", "list");
        assertMessage(GOOD.replaceAll("(?s)replicas:\n.*clients:", "replicas: []\nclients:"), "from 1 to 100 replicas");
        assertMessage(GOOD.replaceAll("(?s)replicas:\n.*clients:", "replicas: [7]\nclients:"), "replicas[0]", "map");
    }

    @Test
    @DisplayName("K2: invalid keys and keys that two members share are refused")
    void k2UnusableKeysAreRefused() {
        String first = CONFIG.replicas().get(0).key().encoded().toHex();
        String second = CONFIG.replicas().get(1).key().encoded().toHex();
        String client = CONFIG.clients().get(1).key().encoded().toHex();

        assertMessage(GOOD.replace(second, first), "replica 1", "same key");
        assertMessage(GOOD.replace(client, first), "client 1", "same key");
        assertMessage(GOOD.replace(second, "ff".repeat(32)), "replica 1", "not a valid Ed25519 public key");
        assertMessage(GOOD.replace(second, "01" + "00".repeat(31)), "replica 1", "not a valid Ed25519 public key");
        assertMessage(GOOD.replace(second, second.substring(2)), "replica 1", "not a valid Ed25519 public key");
        assertMessage(GOOD.replace(second, "xyz"), "replicas[1]", "key", "hexadecimal");
        assertMessage(GOOD.replace(client, ""), "client 1", "not a valid Ed25519 public key");
    }

    @Test
    void clientIdsAreDistinctButNeedNotBeConsecutive() {
        List<ClientInfo> clients = List.of(
                new ClientInfo(new ClientId(9), CONFIG.clients().get(0).key()),
                new ClientInfo(new ClientId(5), CONFIG.clients().get(1).key()));
        String yaml = with(CONFIG.replicas(), clients).toYaml();

        assertThat(parse(yaml).clients()).isEqualTo(clients);
        assertMessage(yaml.replace("- id: 9", "- id: 5"), "client 5", "twice");
    }

    @Test
    @DisplayName("X3: aliases, and what grows without end by them, are refused")
    void x3AliasesAreRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertMessage(laughs.toString(), "aliases");
        assertMessage(GOOD.replace("limits: {}", "limits: &l\n  <<: *l"), "aliases");
        assertMessage(GOOD.replace("format: 1", "format: &f 1").replace("limits: {}", "limits: *f"), "aliases");
    }

    @Test
    @DisplayName("X3: deep nesting is refused")
    void x3DeepNestingIsRefused() {
        assertMessage("[".repeat(100_000), "nested");
        assertMessage("limits: " + "{a: ".repeat(100_000), "nested");
        assertMessage("- ".repeat(50_000) + "a", "nested");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "[1, 2]", "a: b\n---\nc: d", "a: [", "\t", "%YAML 9.9\n---\na: b", "!!int x"})
    void whatIsNoConfigurationIsRefused(String text) {
        assertMessage(text, "");
    }

    @Test
    void theFileIsNamedWhateverIsWrongWithIt() throws Exception {
        Path file = directory.resolve("my-cluster.yaml");
        assertThatThrownBy(() -> ClusterConfig.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString());

        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> ClusterConfig.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(file.toString(), "UTF-8");

        Files.writeString(file, GOOD.replace("pbft\n", "paxos\n"));
        assertThatThrownBy(() -> ClusterConfig.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(file.toString(), "paxos");

        Files.writeString(file, GOOD);
        assertThat(ClusterConfig.load(file)).isEqualTo(CONFIG);
    }

    private void assertMessage(String text, String... parts) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.yaml")
                .hasMessageContainingAll(parts);
    }

    private static ClusterConfig with(List<ReplicaInfo> replicas, List<ClientInfo> clients) {
        return new ClusterConfig(
                CONFIG.clusterId(), CONFIG.protocol(), SignatureScheme.DEFAULT, replicas, clients, CONFIG.limits());
    }

    private static String unescape(String text) {
        return text.strip().replace("\\n", "\n");
    }

    private static ClusterConfig parse(String text) {
        return ClusterConfigYaml.parse(text, "cluster.yaml");
    }
}
