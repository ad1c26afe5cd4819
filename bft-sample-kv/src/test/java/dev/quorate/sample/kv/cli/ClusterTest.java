package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import dev.quorate.sample.kv.KvClient;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands of a client, with four replicas in processes of their own. Each test has keys of its own. */
class ClusterTest {
    private static LocalCluster cluster;

    @BeforeAll
    static void startReplicas() throws Exception {
        cluster = LocalCluster.create("kv-test-", Protocol.PBFT, 4, 4, ReplicaProcess.QUICK_START);
        cluster.start();
        try (KvClient kv = KvClient.connect(cluster.config(), cluster.folder().clientIdentity(cluster.config(), 0))) {
            cluster.awaitReady(kv.bft());
        }
    }

    @AfterAll
    static void stopReplicas() {
        cluster.close();
    }

    @Test
    void aValueCanBeReadUntilItIsDeleted() {
        assertThat(kv("get", "greeting").exitCode()).isEqualTo(3);
        assertEnds(kv("put", "greeting", "Grüße"), "");
        assertThat(kv("get", "greeting").exitCode()).isZero();
        assertEnds(kv("scan", "greeting", "greetinh"), "greeting\tGrüße\n");
        assertEnds(kv("delete", "greeting", "--client", "3"), "");
        Cli.Ended deleted = kv("get", "greeting");
        assertThat(deleted.exitCode()).isEqualTo(3);
        assertThat(deleted.err()).isEqualToIgnoringNewLines("kv: there is no key greeting");
        assertThat(kv("delete", "greeting").exitCode()).isEqualTo(3);
    }

    @Test
    void getPrintsTheBytesThatWerePut() throws Exception {
        String folder = cluster.folder().path().toString();
        assertEnds(kv("put", "--hex", "ff00", "c3bc"), "");
        assertThat(Cli.runProcess("get", folder, "--hex", "ff00").out()).isEqualTo("c3bc\n");
        assertEnds(kv("put", "umlaut", "ü"), "");
        assertThat(Cli.runProcess("get", folder, "umlaut").out()).isEqualTo("ü\n");
        assertThat(Cli.runProcess("get", folder, "umlaut", "--raw").out()).isEqualTo("ü");
    }

    @Test
    void aConditionHoldsOrNothingChanges() {
        assertThat(kv("cas", "lock", "me", "--expect", "you").exitCode()).isEqualTo(3);
        assertEnds(kv("cas", "lock", "me", "--expect-absent"), "");
        Cli.Ended taken = kv("cas", "lock", "you", "--expect-absent");
        assertThat(taken.exitCode()).isEqualTo(3);
        assertThat(taken.err()).isEqualToIgnoringNewLines("kv: not set: there is a key lock already");
        assertEnds(kv("cas", "lock", "you", "--expect", "me"), "");
        assertEnds(kv("scan", "lock", "lockz"), "lock\tyou\n");
    }

    @Test
    void aScanListsInOrderAndSaysThatThereIsMore() {
        for (String key : List.of("scan-2", "scan-10", "scan-1")) {
            assertEnds(kv("put", key, "x\ty"), "");
        }
        assertEnds(kv("scan", "scan-", "scan-z"), "scan-1\tx\\x09y\nscan-10\tx\\x09y\nscan-2\tx\\x09y\n");
        Cli.Ended first = kv("scan", "scan-", "scan-z", "--limit", "1");
        assertThat(first.out()).isEqualTo("scan-1\tx\\x09y\n");
        assertThat(first.err()).isEqualToIgnoringNewLines("kv: there is more after these 1");
    }

    @Test
    void sizeCountsKeys() {
        long before = Long.parseLong(kv("size").out().strip());
        assertEnds(kv("put", "one-more", ""), "");
        assertThat(kv("size").out().strip()).isEqualTo(String.valueOf(before + 1));
        assertEnds(kv("delete", "one-more"), "");
        assertThat(kv("size").out().strip()).isEqualTo(String.valueOf(before));
    }

    @Test
    void statusHasARowForEachReplica() {
        Cli.Ended status = kv("status");
        assertThat(status.exitCode()).isZero();
        assertThat(status.out()).contains("4 of 4 replicas answered").doesNotContain("no answer");
        assertThat(status.out().lines().filter(line -> line.matches("[0-3] +127\\.0\\.0\\.1:\\d+ +0 +0 +\\d.*")))
                .hasSize(4);
        assertThat(status.out()).contains("  1,2,3  ").contains("  0,1,2  ");
        assertThat(status.out().lines().filter(line -> line.endsWith(" sync"))).hasSize(4);
    }

    @Test
    void aBenchmarkMeasures() {
        Cli.Ended bench = kv(
                "bench",
                "--clients",
                "4",
                "--warmup",
                "0.1",
                "--seconds",
                "1.5",
                "--request",
                "1000",
                "--reply",
                "2000",
                "--json");
        assertThat(bench.exitCode()).isZero();
        Matcher json = Pattern.compile(
                        "\\{\"protocol\":\"pbft\",\"durability\":null,\"replicas\":4,\"clients\":4,\"requestBytes\":1000,"
                                + "\"replyBytes\":2000,\"warmupSeconds\":0\\.100,\"seconds\":1\\.500,\"completed\":(\\d+),"
                                + "\"failed\":0,\"requestsPerSecond\":[0-9.]+,\"latencyMillis\":\\{\"p50\":([0-9.]+),"
                                + "\"p90\":([0-9.]+),\"p99\":([0-9.]+),\"max\":([0-9.]+)}}\n")
                .matcher(bench.out());
        assertThat(json.matches()).as(bench.out()).isTrue();
        assertThat(Long.parseLong(json.group(1))).isPositive();
        assertThat(Double.parseDouble(json.group(2))).isPositive();
        assertThat(bench.err()).matches("(?s).*4 of 4 clients are connected\n  1 s  .* requests/s, 0 failed\n.*");
    }

    private static Cli.Ended kv(String command, String... rest) {
        List<String> args =
                new ArrayList<>(List.of(command, cluster.folder().path().toString()));
        args.addAll(List.of(rest));
        return Cli.run(args.toArray(new String[0]));
    }

    private static void assertEnds(Cli.Ended ended, String out) {
        assertThat(ended).isEqualTo(new Cli.Ended(0, out, ""));
    }
}
