package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which cluster, and as which of its clients: for all commands that connect to one. */
final class ClientKey {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder that 'kv init' made.")
    private Path path;

    @Option(
            names = "--client",
            paramLabel = "N",
            defaultValue = "0",
            description = "Which client's key to use (default: ${DEFAULT-VALUE}).")
    private int client;

    Path path() {
        return path;
    }

    /** The configuration of the cluster in the folder. */
    ClusterConfig config() throws IOException {
        return new ClusterFolder(path).config();
    }

    /** The client's key. */
    Identity identity(ClusterConfig config) throws IOException {
        return new ClusterFolder(path).clientIdentity(config, client);
    }

    BftClient connect(ClusterConfig config) throws IOException {
        return BftClient.connect(config, identity(config));
    }
}
