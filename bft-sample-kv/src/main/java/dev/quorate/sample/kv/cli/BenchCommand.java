package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Protocol;
import dev.quorate.core.storage.Durability;
import dev.quorate.sample.kv.KvClient;
import dev.quorate.sample.kv.KvLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kv bench}. */
@Command(
        name = "bench",
        description = {
            "Measure throughput and latency under closed-loop load: each of C clients, with a key and connections of "
                    + "its own, sends its next request when it has the result of the last one.",
            "Requests are ordered, signed and answered like any other, but the store does nothing for them: --request "
                    + "bytes are ignored, --reply bytes of zeros come back (the store's format adds 9 and 5 bytes).",
            "Only requests sent and answered between warm-up and end count. All clients are in one process; it and "
                    + "replicas on the same machine compete for its cores."
        })
final class BenchCommand implements Callable<Integer> {
    private static final int MAX_CLIENTS = 10_000;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Target target;

    /** Exactly one of these. */
    static final class Target {
        @Parameters(paramLabel = "DIR", description = "Measure the running cluster that 'kv init' made here.")
        private Path path;

        @Option(
                names = "--local",
                required = true,
                description = "Measure replicas started for this, here: four, or three with minbft.")
        private boolean local;
    }

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            converter = ProtocolName.class,
            description = "With --local. " + ProtocolName.DESCRIPTION)
    private Protocol protocol;

    @Option(
            names = "--counter",
            paramLabel = "MODE",
            description =
                    "With --local --protocol minbft: log (default with --durability sync), synced, where each message of a "
                            + "replica waits for a file of its own, or volatile (default otherwise), which is safe where no "
                            + "replica is started again.")
    private String counter;

    @Option(
            names = "--durability",
            paramLabel = "MODE",
            converter = DurabilityName.class,
            description = "With --local. " + DurabilityName.DESCRIPTION)
    private Durability durability;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "16",
            description = "How many clients (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            converter = Seconds.class,
            description = "How long to measure (default: ${DEFAULT-VALUE}).")
    private Duration measured;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            defaultValue = "5",
            converter = Seconds.class,
            description = "How long to run before that (default: ${DEFAULT-VALUE}).")
    private Duration warmup;

    @Option(
            names = "--request",
            paramLabel = "B",
            defaultValue = "0",
            description = "Bytes in a request (default: ${DEFAULT-VALUE}).")
    private int requestBytes;

    @Option(
            names = "--reply",
            paramLabel = "B",
            defaultValue = "0",
            description = "Bytes in a reply (default: ${DEFAULT-VALUE}).")
    private int replyBytes;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            converter = Seconds.class,
            description = "How long a client waits for a result (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        requireRange("--clients", clients, 1, MAX_CLIENTS);
        requireRange("--request", requestBytes, 0, KvLimits.MAX_VALUE_BYTES);
        requireRange("--reply", replyBytes, 0, KvLimits.MAX_VALUE_BYTES);
        if (measured.isZero()) {
            throw CliException.mistake("--seconds has to be more than 0");
        }
        Protocol chosen = protocol == null ? Protocol.PBFT : protocol;
        if (counter != null && (!target.local || chosen != Protocol.MINBFT)) {
            throw new ParameterException(spec.commandLine(), "--counter goes with --local --protocol minbft");
        }
        if (!target.local) {
            if (protocol != null) {
                throw new ParameterException(spec.commandLine(), "--protocol goes with --local; DIR has its own");
            }
            if (durability != null) {
                throw new ParameterException(
                        spec.commandLine(), "--durability goes with --local; replicas that run have their own");
            }
            return measureRunning(new ClusterFolder(target.path));
        }
        Durability mode = durability == null ? Durability.SYNC : durability;
        LocalCluster.Plan plan = LocalCluster.Plan.of(
                        chosen, ProtocolName.smallestCluster(chosen), clients, ReplicaProcess.FULL_SPEED)
                .with(mode)
                .with(usig(chosen, mode));
        try (LocalCluster cluster = LocalCluster.create("kv-bench-", plan)) {
            return measureLocal(cluster, mode);
        }
    }

    private Optional<UsigChoice> usig(Protocol chosen, Durability mode) {
        if (chosen != Protocol.MINBFT) {
            return Optional.empty();
        }
        String usual = mode == Durability.SYNC ? "log" : "volatile";
        return UsigChoice.of(chosen, null, counter == null ? usual : counter);
    }

    private static void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw CliException.mistake(option + " is " + value + ", but has to be from " + min + " to " + max);
        }
    }

    private int measureRunning(ClusterFolder folder) throws IOException, InterruptedException {
        ClusterConfig config = folder.config();
        if (config.clients().size() < clients) {
            throw CliException.mistake(
                    folder.path() + " has keys for " + config.clients().size() + " clients, not for " + clients
                            + "; make a cluster that has: " + Main.COMMAND + " init OTHER-DIR --clients " + clients);
        }
        return measure(folder, config, Optional.empty());
    }

    private int measureLocal(LocalCluster cluster, Durability mode) throws IOException, InterruptedException {
        try {
            cluster.start();
            ClusterFolder folder = cluster.folder();
            try (KvClient kv = KvClient.connect(cluster.config(), folder.clientIdentity(cluster.config(), 0))) {
                cluster.awaitReady(kv.bft());
            }
            return measure(folder, cluster.config(), Optional.of(mode));
        } catch (CliException e) {
            throw CliException.failure(e.getMessage() + " (the replicas' logs are in " + cluster.keepFolder() + ")", e);
        }
    }

    private int measure(ClusterFolder folder, ClusterConfig config, Optional<Durability> mode)
            throws IOException, InterruptedException {
        Bench bench = new Bench(clients, requestBytes, replyBytes, warmup, measured, timeout, mode);
        BenchReport report =
                bench.run(folder, config, new Progress(spec.commandLine().getErr()));
        if (json) {
            report.printJson(spec.commandLine().getOut());
        } else {
            report.printText(spec.commandLine().getOut());
        }
        if (report.outcome().failed() > 0) {
            throw CliException.failure(report.outcome().failed() + " requests failed; the last: "
                    + report.outcome().lastFailure().getMessage());
        }
        return 0;
    }
}
