package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.quorum.QuorumSystem;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kv status}. */
@Command(
        name = "status",
        description = {
            "Show where each replica stands, as it says itself.",
            "ordered, executed, stable: the highest sequence numbers that have a proposal, were executed, and are part "
                    + "of a stable checkpoint. pending: requests that wait. rejected: messages that should not have "
                    + "come, since its start. surplus: messages that it had already, or had no room for: nothing to "
                    + "worry about.",
            "The exit code is 1 if so many replicas do not answer that the cluster cannot go on."
        })
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientKey key;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "2",
            converter = Seconds.class,
            description = "How long to wait for answers (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Override
    public Integer call() throws Exception {
        ClusterConfig config = key.config();
        SortedMap<ReplicaId, ReplicaStatus> answers;
        try (BftClient bft = key.connect(config)) {
            answers = StatusProbe.ask(bft, timeout);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s, %d replicas, tolerates %d faulty%n", config.protocol().configName(), config.n(), config.f());
        StatusTable.lines(config, answers).forEach(out::println);
        int needed = QuorumSystem.of(config.protocol(), config.n()).certificate();
        out.printf("%d of %d replicas answered; %d are needed to go on%n", answers.size(), config.n(), needed);
        return answers.size() >= needed ? 0 : CliException.FAILURE;
    }
}
