package dev.quorate.sample.kv.cli;

import dev.quorate.core.Protocol;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kv demo}. */
@Command(
        name = "demo",
        description = {
            "See a cluster go on while a backup and then the primary are killed: four replicas (three with minbft) as "
                    + "processes on this machine, a client that writes and reads, and a check that nothing is lost.",
            "Takes some seconds, and leaves nothing behind."
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "pbft",
            converter = ProtocolName.class,
            description = ProtocolName.DESCRIPTION)
    private Protocol protocol;

    @Override
    public Integer call() throws Exception {
        int replicas = ProtocolName.smallestCluster(protocol);
        try (LocalCluster cluster =
                LocalCluster.create("kv-demo-", protocol, replicas, 1, ReplicaProcess.QUICK_START)) {
            return run(cluster);
        }
    }

    private int run(LocalCluster cluster) throws IOException, InterruptedException {
        try {
            new Demo(cluster, spec.commandLine().getOut()).run();
            return 0;
        } catch (RuntimeException | IOException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            throw CliException.failure(
                    "the demo failed: " + reason + " (the replicas' logs are in " + cluster.keepFolder() + ")", e);
        }
    }
}
