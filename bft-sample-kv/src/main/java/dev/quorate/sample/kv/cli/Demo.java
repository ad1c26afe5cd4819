package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The story that {@code kv demo} tells. */
final class Demo {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int WRITES_BEFORE = 300;
    private static final int WRITES_AFTER = 300;

    private final LocalCluster cluster;
    private final ClusterConfig config;
    private final PrintWriter out;
    /** What the cluster has acknowledged, and so must never lose. */
    private final SortedMap<Bytes, Bytes> acknowledged = new TreeMap<>();

    Demo(LocalCluster cluster, PrintWriter out) {
        this.cluster = cluster;
        this.config = cluster.config();
        this.out = out;
    }

    void run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        say("A key-value store, replicated with %s on %d replicas.", config.protocol(), config.n());
        config.usig().ifPresent(usig -> say("Each has a trusted counter (USIG) of the kind '%s'.", usig.provider()));
        say("It tolerates %d faulty replica: crashed, disconnected, or lying.", config.f());
        step("1. Keys and configuration are in %s", cluster.folder().path());
        try (KvClient kv = KvClient.connect(config, cluster.folder().clientIdentity(config, 0))) {
            ReplicaId primary = startReplicas(kv.bft());
            writeAndRead(kv);
            ReplicaId backup = lastBackup(primary);
            killBackupDuringWrites(kv, backup, primary);
            restart(kv, backup);
            killPrimaryDuringWrites(kv, primary);
            checkAll(kv);
        }
        cluster.close();
        step("Done after %s. Everything has been removed again.", Seconds.show(since(start)));
        say("To run a cluster yourself: %s init my-cluster", Main.COMMAND);
    }

    private ReplicaId startReplicas(BftClient client) throws IOException, InterruptedException {
        step("2. Starting %d replicas, each a process of its own", config.n());
        long start = System.nanoTime();
        cluster.start();
        SortedMap<ReplicaId, ReplicaStatus> answers = cluster.awaitReady(client);
        ReplicaId primary = answers.get(answers.firstKey()).primary();
        for (ClusterConfig.ReplicaInfo replica : config.replicas()) {
            detail(
                    "%s  %s:%d  pid %-7d %s",
                    replica.id(),
                    replica.host(),
                    replica.port(),
                    cluster.replica(replica.id()).pid(),
                    replica.id().equals(primary) ? "primary: proposes the order of the requests" : "backup");
        }
        detail("All are connected to each other, %s after the start.", Seconds.show(since(start)));
        return primary;
    }

    private void writeAndRead(KvClient kv) throws InterruptedException {
        step("3. Writing and reading, one request after the other");
        detail("The client believes a result when %d replicas report the same.", config.f() + 1);
        Histogram writes = latencies();
        for (int i = 0; i < WRITES_BEFORE; i++) {
            write(kv, writes);
        }
        detail("%d writes: %s", WRITES_BEFORE, show(writes));
        Histogram reads = latencies();
        readAll(kv, reads);
        detail("%d reads:  %s", reads.getTotalCount(), show(reads));
    }

    private ReplicaId lastBackup(ReplicaId primary) {
        return config.replicas().stream()
                .map(ClusterConfig.ReplicaInfo::id)
                .filter(id -> !id.equals(primary))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private void killBackupDuringWrites(KvClient kv, ReplicaId backup, ReplicaId primary) throws InterruptedException {
        step("4. Killing %s, a backup (SIGKILL), while the client writes", backup);
        Histogram writes = writeAndKill(kv, backup);
        int quorum = QuorumSystem.of(config.protocol(), config.n()).certificate();
        detail("%d writes: %s", writes.getTotalCount(), show(writes));
        detail("None failed: a quorum has %d replicas, %d are left, and %s still leads.", quorum, quorum, primary);
    }

    private void restart(KvClient kv, ReplicaId backup) throws IOException, InterruptedException {
        step("5. Starting %s again: it goes on from its own store, and gets from the others what it missed", backup);
        long start = System.nanoTime();
        cluster.start(backup);
        Histogram writes = latencies();
        while (!hasCaughtUp(cluster.awaitReady(kv.bft()), backup)) {
            write(kv, writes);
        }
        detail("It has caught up, %s after its start.", Seconds.show(since(start)));
    }

    private static boolean hasCaughtUp(SortedMap<ReplicaId, ReplicaStatus> answers, ReplicaId replica) {
        ReplicaStatus status = answers.get(replica);
        return answers.values().stream().allMatch(other -> status.executed().compareTo(other.stable()) >= 0)
                && status.executed().value() > 0;
    }

    private void killPrimaryDuringWrites(KvClient kv, ReplicaId primary) throws InterruptedException {
        step("6. Killing %s, the primary (SIGKILL), while the client writes", primary);
        Histogram writes = writeAndKill(kv, primary);
        detail("%d writes: %s", writes.getTotalCount(), show(writes));
        detail("None failed: the others noticed, agreed on a new primary, and went on where the old one stopped.");
        detail("The slowest write shows for how long the service was interrupted.");
    }

    private Histogram writeAndKill(KvClient kv, ReplicaId victim) throws InterruptedException {
        Histogram writes = latencies();
        for (int i = 0; i < WRITES_AFTER; i++) {
            if (i == WRITES_AFTER / 3) {
                cluster.replica(victim).kill();
                detail("%s is dead.", victim);
            }
            write(kv, writes);
        }
        return writes;
    }

    private void checkAll(KvClient kv) throws InterruptedException {
        step("7. Checking that every acknowledged write is there");
        readAll(kv, latencies());
        detail("All %d keys have the value that was written last.", acknowledged.size());
        Collection<ReplicaStatus> answers =
                StatusProbe.ask(kv.bft(), Duration.ofMillis(500)).values();
        answers.forEach(status -> detail(
                "%s: %s, executed up to sequence number %d",
                status.replica(), status.view(), status.executed().value()));
    }

    private void write(KvClient kv, Histogram latencies) throws InterruptedException {
        int number = acknowledged.size();
        Bytes key = text("key-" + number);
        Bytes value = text("value-" + number);
        long start = System.nanoTime();
        KvClient.await(kv.put(key, value), TIMEOUT);
        record(latencies, start);
        acknowledged.put(key, value);
    }

    private void readAll(KvClient kv, Histogram latencies) throws InterruptedException {
        for (Map.Entry<Bytes, Bytes> entry : acknowledged.entrySet()) {
            long start = System.nanoTime();
            Optional<Bytes> value = KvClient.await(kv.get(entry.getKey()), TIMEOUT);
            record(latencies, start);
            if (!value.equals(Optional.of(entry.getValue()))) {
                throw CliException.failure("an acknowledged write is lost: " + Text.escape(entry.getKey()));
            }
        }
    }

    private static Bytes text(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Histogram latencies() {
        return new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    }

    private static void record(Histogram latencies, long start) {
        latencies.recordValue(Math.min(System.nanoTime() - start, latencies.getHighestTrackableValue()));
    }

    private static String show(Histogram latencies) {
        return "half of them within " + Seconds.showMillis(latencies.getValueAtPercentile(50)) + ", the slowest "
                + Seconds.showMillis(latencies.getMaxValue());
    }

    private static Duration since(long start) {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) / 100 * 100);
    }

    private void step(String format, Object... arguments) {
        out.println();
        say(format, arguments);
    }

    private void detail(String format, Object... arguments) {
        say("   " + format, arguments);
    }

    private void say(String format, Object... arguments) {
        out.printf(format + "%n", arguments);
    }
}
