package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kv init}: keys and a configuration for a new cluster. */
@Command(name = "init", description = "Make the keys and the configuration of a new cluster on this machine.")
final class InitCommand implements Callable<Integer> {
    private static final int MAX_CLIENT_KEYS = 10_000;
    private static final int MAX_PORT = 65_535;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A folder that is empty or not there yet.")
    private Path path;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "pbft",
            converter = ProtocolName.class,
            description = ProtocolName.DESCRIPTION)
    private Protocol protocol;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "How many; f faulty ones are tolerated by 3f+1, with minbft by 2f+1 (default: for f = 1).")
    private Integer replicas;

    @Option(names = "--usig", paramLabel = "NAME", description = UsigChoice.DESCRIPTION)
    private String usig;

    @Option(names = "--counter", paramLabel = "MODE", description = UsigChoice.COUNTER_DESCRIPTION)
    private String counter;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "4",
            description = "How many client keys to make (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--base-port",
            paramLabel = "P",
            defaultValue = "17000",
            description = "Replica N listens on port P+N (default: ${DEFAULT-VALUE}).")
    private int basePort;

    @Option(
            names = "--store-mib",
            paramLabel = "N",
            description = {
                "How much the store may hold, in MiB (default: 256).",
                "Each replica needs about three times as much memory: see JAVA_TOOL_OPTIONS=-Xmx..."
            })
    private Integer storeMib;

    @Option(
            names = "--fast-reads",
            description =
                    "Answer gets without ordering them; everything else then waits for more replies (PBFT: 2f+1, not f+1).")
    private boolean fastReads;

    @Override
    public Integer call() throws IOException {
        if (replicas == null) {
            replicas = ProtocolName.smallestCluster(protocol);
        }
        requireRange("--replicas", replicas, 1, ClusterConfig.MAX_REPLICAS);
        requireRange("--clients", clients, 1, MAX_CLIENT_KEYS);
        requireRange("--base-port", basePort, 1, MAX_PORT - replicas + 1);
        if (storeMib != null) {
            requireRange("--store-mib", storeMib, 1, ClusterFolder.MAX_STORE_MIB);
        }
        requireEmpty();
        Optional<UsigChoice> choice = UsigChoice.of(protocol, usig, counter);
        List<Integer> ports =
                IntStream.range(basePort, basePort + replicas).boxed().toList();
        ClusterFolder folder =
                ClusterFolder.create(path, protocol, ports, clients, Limits.defaults(), fastReads, choice);
        if (storeMib != null) {
            folder.setStoreMib(storeMib);
        }
        explain(folder.config());
        return 0;
    }

    private static void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw CliException.mistake(option + " is " + value + ", but has to be from " + min + " to " + max);
        }
    }

    private void requireEmpty() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (!Files.isDirectory(path)) {
            throw CliException.mistake(path + " is there already, and is not a folder");
        }
        try (Stream<Path> contents = Files.list(path)) {
            if (contents.findAny().isPresent()) {
                throw CliException.mistake(path + " is there already and not empty; nothing has been changed");
            }
        }
    }

    private void explain(ClusterConfig config) {
        PrintWriter out = spec.commandLine().getOut();
        int last = config.n() - 1;
        out.printf(
                "Made a cluster of %d %s replicas in %s. It tolerates %d faulty.%n",
                config.n(), protocol.configName(), path, config.f());
        out.printf("  cluster.yaml             the configuration, for every replica and client; no secrets%n");
        if (storeMib != null) {
            out.printf("  %-24s how much the store may hold, for every replica%n", ClusterFolder.STORE_FILE);
        }
        out.printf("  replica-N.key, 0 to %-4d a replica's secret key, for its machine only%n", last);
        out.printf(
                "  replica-N.new, 0 to %-4d says that a replica was never started; its first start removes it%n", last);
        config.usig()
                .ifPresent(made -> out.printf(
                        "  usig-N,        0 to %-4d a replica's trusted counter (%s), for its machine only%n",
                        last, made.provider()));
        out.printf("  client-N.key,  0 to %-4d a client's secret key, for its machine only%n", clients - 1);
        out.printf("Each replica keeps what it must not forget in store-N, which its first start makes.%n");
        out.printf("%nStart the replicas, each in a terminal of its own (or with & at the end):%n");
        for (int id = 0; id <= last; id++) {
            out.printf("  %s replica %s %d%n", Main.COMMAND, Text.quote(path), id);
        }
        out.printf("Then use the store:%n");
        out.printf(
                "  %1$s put %2$s hello world%n  %1$s get %2$s hello%n  %1$s status %2$s%n",
                Main.COMMAND, Text.quote(path));
        if (config.f() == 0) {
            spec.commandLine()
                    .getErr()
                    .println("kv: warning: " + config.n() + " " + protocol.configName()
                            + (config.n() == 1 ? " replica tolerates" : " replicas tolerate")
                            + " no fault at all; " + ProtocolName.smallestCluster(protocol) + " tolerate one");
        }
    }
}
