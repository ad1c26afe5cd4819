package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kv status}. */
@Command(
        name = "status",
        description = {
            "Show where each replica stands, as it says itself.",
            "ordered, executed, stable: the highest sequence numbers that have a proposal, were executed, and are part "
                    + "of a stable checkpoint. pending: requests that wait. rejected: messages that it had no "
                    + "use for since its start; repetitions after a loss are among them.",
            "The exit code is 1 if so many replicas do not answer that the cluster cannot go on."
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder that 'kv init' made.")
    private Path path;

    @Option(
            names = "--client",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which client's key to use (default: ${DEFAULT-VALUE}).")
    private int client;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "2",
            converter = Seconds.class,
            description = "How long to wait for answers (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Override
    public Integer call() throws Exception {
        ClusterFolder folder = new ClusterFolder(path);
        ClusterConfig config = folder.config();
        SortedMap<ReplicaId, ReplicaStatus> answers;
        try (BftClient bft = BftClient.connect(config, folder.clientIdentity(config, client))) {
            answers = StatusProbe.ask(bft, timeout);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s, %d replicas, tolerates %d faulty%n", config.protocol().configName(), config.n(), config.f());
        StatusTable.lines(config, answers).forEach(out::println);
        int needed = config.n() - config.f();
        out.printf("%d of %d replicas answered; %d are needed to go on%n", answers.size(), config.n(), needed);
        return answers.size() >= needed ? 0 : CliException.FAILURE;
    }
}
