package dev.quorate.sample.kv.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** Which replica of which cluster: for all commands that are about one. */
final class ReplicaChoice {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder that 'kv init' made.")
    private Path path;

    @Parameters(index = "1", paramLabel = "ID", description = "Which replica, from 0.")
    private int id;

    ClusterFolder folder() {
        return new ClusterFolder(path);
    }

    int id() {
        return id;
    }
}
