package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.storage.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * A cluster on this machine: keys in a temporary folder, each replica a process of its own, all gone after {@link
 * #close} or when this process is interrupted.
 */
final class LocalCluster implements AutoCloseable {
    /** What a cluster is to be like. */
    record Plan(
            Protocol protocol,
            int replicas,
            int clients,
            List<String> javaOptions,
            Limits limits,
            Optional<UsigChoice> usig,
            Durability durability) {
        /** With everything else as it is if nobody says otherwise. */
        static Plan of(Protocol protocol, int replicas, int clients, List<String> javaOptions) {
            return new Plan(
                    protocol,
                    replicas,
                    clients,
                    javaOptions,
                    Limits.defaults(),
                    UsigChoice.defaultFor(protocol),
                    Durability.SYNC);
        }

        Plan with(Limits others) {
            return new Plan(protocol, replicas, clients, javaOptions, others, usig, durability);
        }

        Plan with(Optional<UsigChoice> other) {
            return new Plan(protocol, replicas, clients, javaOptions, limits, other, durability);
        }

        Plan with(Durability other) {
            return new Plan(protocol, replicas, clients, javaOptions, limits, usig, other);
        }
    }

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ROUND = Duration.ofMillis(500);

    private final ClusterFolder folder;
    private final ClusterConfig config;
    private final Plan plan;
    private final Thread interrupted = new Thread(this::end, "end-local-cluster");
    /** Guarded by itself, as the thread above may come at any time. */
    private final SortedMap<ReplicaId, ReplicaProcess> replicas = new TreeMap<>();

    private volatile boolean ending;
    private volatile boolean keepFolder;
    private boolean closed;

    private LocalCluster(ClusterFolder folder, ClusterConfig config, Plan plan) {
        this.folder = folder;
        this.config = config;
        this.plan = plan;
    }

    /** Makes the keys and the configuration, in a folder whose name begins with {@code prefix}; starts nothing yet. */
    static LocalCluster create(String prefix, Protocol protocol, int replicas, int clients, List<String> javaOptions)
            throws IOException {
        return create(prefix, Plan.of(protocol, replicas, clients, javaOptions));
    }

    /** The same according to a plan. */
    static LocalCluster create(String prefix, Plan plan) throws IOException {
        Path path = Files.createTempDirectory(prefix);
        ClusterFolder folder = ClusterFolder.create(
                path, plan.protocol, FreePorts.find(plan.replicas), plan.clients, plan.limits, false, plan.usig);
        LocalCluster cluster = new LocalCluster(folder, folder.config(), plan);
        Runtime.getRuntime().addShutdownHook(cluster.interrupted);
        return cluster;
    }

    ClusterFolder folder() {
        return folder;
    }

    ClusterConfig config() {
        return config;
    }

    /** Starts all replicas; returns without waiting for them. */
    void start() throws IOException {
        for (ReplicaInfo replica : config.replicas()) {
            start(replica.id());
        }
    }

    /** Starts a replica that does not run, perhaps anew; returns without waiting for it. */
    void start(ReplicaId id) throws IOException {
        ReplicaProcess replica = ReplicaProcess.start(
                plan.javaOptions, folder, id, plan.durability, folder.path().resolve("replica-" + id.value() + ".log"));
        synchronized (replicas) {
            replicas.put(id, replica);
        }
    }

    ReplicaProcess replica(ReplicaId id) {
        synchronized (replicas) {
            return replicas.get(id);
        }
    }

    private List<ReplicaProcess> all() {
        synchronized (replicas) {
            return List.copyOf(replicas.values());
        }
    }

    /** Waits until every replica says that it is connected to every other one; returns what they said. */
    SortedMap<ReplicaId, ReplicaStatus> awaitReady(BftClient client) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (true) {
            for (ReplicaProcess replica : all()) {
                replica.requireAlive();
            }
            SortedMap<ReplicaId, ReplicaStatus> answers = StatusProbe.ask(client, ROUND);
            boolean connected = answers.values().stream()
                    .allMatch(status -> status.connectedReplicas().size() == config.n() - 1);
            if (connected && answers.size() == config.n()) {
                return answers;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw CliException.failure("the replicas are not all connected to each other after "
                        + Seconds.show(START_TIMEOUT) + ": " + answers.size() + " of " + config.n() + " answer");
            }
        }
    }

    /**
     * Leaves the folder, with the replicas' logs, where it is: for finding out what went wrong. Does not return if this
     * process is being interrupted: then the replicas are too, and that is nothing to find out about.
     */
    Path keepFolder() throws InterruptedException {
        if (ending) {
            new CountDownLatch(1).await();
        }
        keepFolder = true;
        return folder.path();
    }

    /** Kills the replicas and removes the folder; more calls do nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Runtime.getRuntime().removeShutdownHook(interrupted);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook does it.
            return;
        }
        remove();
    }

    private void end() {
        ending = true;
        remove();
    }

    private void remove() {
        all().forEach(ReplicaProcess::kill);
        try {
            for (ReplicaProcess replica : all()) {
                replica.awaitEnd();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!keepFolder) {
            delete(folder.path());
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> contents = Files.walk(folder)) {
            for (Path path : contents.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
