package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** What the tests with real processes have in common: how large they are, what they wait for, what they say. */
final class Experiment {
    private static final Duration ROUND = Duration.ofMillis(500);

    private Experiment() {}

    /** How large a test is: what the system property says, else the size that takes seconds. */
    static int size(String property, int small) {
        return Integer.getInteger(property, small);
    }

    /** Quick to start where the size is the small one, else as fast as can be in the long run. */
    static List<String> javaOptions(String property) {
        return System.getProperty(property) == null ? ReplicaProcess.QUICK_START : ReplicaProcess.FULL_SPEED;
    }

    /** Leaves the replicas' logs where they are if {@code -Dkv.test.keep=true} asks for that. */
    static void keepIfAsked(LocalCluster cluster) throws InterruptedException {
        if (Boolean.getBoolean("kv.test.keep")) {
            say("logs are in %s", cluster.keepFolder());
        }
    }

    /** The middle of sorted values, or half-way between the two in the middle. */
    static double median(List<Long> sorted) {
        int size = sorted.size();
        return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2.0;
    }

    /** A cluster of four on this machine, all connected. {@code -Dkv.test.interval=K} sets its checkpoint interval. */
    static LocalCluster start(String property, int clients) throws IOException, InterruptedException {
        return start(javaOptions(property), clients);
    }

    static LocalCluster start(List<String> javaOptions, int clients) throws IOException, InterruptedException {
        return start(javaOptions, clients, OptionalInt.empty());
    }

    /** The same with a store that holds so much. */
    static LocalCluster start(List<String> javaOptions, int clients, OptionalInt storeMib)
            throws IOException, InterruptedException {
        int interval = Integer.getInteger("kv.test.interval", Limit.CHECKPOINT_INTERVAL.defaultValue());
        Limits limits = Limits.defaults().with(Limit.WINDOW, 4 * interval).with(Limit.CHECKPOINT_INTERVAL, interval);
        return start(
                LocalCluster.Plan.of(Protocol.PBFT, 4, clients, javaOptions).with(limits), storeMib);
    }

    /** A cluster on this machine, all connected. */
    static LocalCluster start(LocalCluster.Plan plan) throws IOException, InterruptedException {
        return start(plan, OptionalInt.empty());
    }

    private static LocalCluster start(LocalCluster.Plan plan, OptionalInt storeMib)
            throws IOException, InterruptedException {
        LocalCluster cluster = LocalCluster.create("kv-test-", plan);
        if (storeMib.isPresent()) {
            cluster.folder().setStoreMib(storeMib.getAsInt());
        }
        keepIfAsked(cluster);
        cluster.start();
        try (BftClient client =
                BftClient.connect(cluster.config(), cluster.folder().clientIdentity(cluster.config(), 0))) {
            cluster.awaitReady(client);
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Tells whoever runs the experiment; in a build it goes to the test's output. */
    static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }

    /** Waits until the replica is connected to all others, in their view, and has executed what is stable there. */
    static void awaitCaughtUp(LocalCluster cluster, BftClient client, ReplicaId replica)
            throws IOException, InterruptedException {
        while (true) {
            cluster.replica(replica).requireAlive();
            Collection<ReplicaStatus> answers = StatusProbe.ask(client, ROUND).values();
            ReplicaStatus own = answers.stream()
                    .filter(status -> status.replica().equals(replica))
                    .findFirst()
                    .orElse(null);
            if (own != null
                    && answers.size() == cluster.config().n()
                    && answers.stream().allMatch(other -> hasCaughtUp(cluster, own, other))) {
                return;
            }
            Thread.sleep(20);
        }
    }

    private static boolean hasCaughtUp(LocalCluster cluster, ReplicaStatus own, ReplicaStatus other) {
        return other.connectedReplicas().size() == cluster.config().n() - 1
                // It may have followed old wishes for a view that the others enter when they need it.
                && own.view().compareTo(other.view()) >= 0
                && own.rejoining().isEmpty()
                && own.executed().compareTo(other.stable()) >= 0
                && own.stable().equals(other.stable());
    }

    /** Waits until most agree on a view whose primary is none of {@code dead}; returns that. */
    static ReplicaId awaitPrimary(LocalCluster cluster, BftClient client, ReplicaId... dead)
            throws InterruptedException {
        while (true) {
            for (ReplicaStatus status :
                    StatusProbe.ask(client, Duration.ofMillis(50)).values()) {
                long same = StatusProbe.ask(client, Duration.ofMillis(50)).values().stream()
                        .filter(other -> other.view().equals(status.view()))
                        .count();
                if (!List.of(dead).contains(status.primary())
                        && same >= cluster.config().n() - cluster.config().f()) {
                    return status.primary();
                }
            }
        }
    }

    /** Memory of a process that is in use, in KiB, as Linux counts it; -1 where it cannot be told. */
    static long residentKib(long pid) throws IOException {
        return memoryKib(pid, "VmRSS:");
    }

    /** The most that a process has had in use so far. */
    static long peakResidentKib(long pid) throws IOException {
        return memoryKib(pid, "VmHWM:");
    }

    private static long memoryKib(long pid, String line) throws IOException {
        Path status = Path.of("/proc", String.valueOf(pid), "status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(each -> each.startsWith(line))
                .mapToLong(each -> Long.parseLong(each.replaceAll("\\D", "")))
                .findFirst()
                .orElse(-1);
    }
}
