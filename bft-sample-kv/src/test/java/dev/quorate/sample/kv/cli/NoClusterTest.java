package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client says when no replica runs. */
class NoClusterTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeACluster() throws IOException {
        ClusterFolder.create(folder, Protocol.PBFT, FreePorts.find(4), 2);
    }

    @Test
    void anOperationFailsAfterItsTimeout() {
        Cli.Ended ended = Cli.run("put", folder.toString(), "a", "b", "--timeout", "0.5");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualToIgnoringNewLines("kv: no result within 0.5 s: too few replicas answer; what runs: "
                        + Main.COMMAND + " status " + folder);
    }

    @Test
    void statusTellsThatNobodyAnswers() {
        Cli.Ended ended = Cli.run("status", folder.toString(), "--timeout", "0.5");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.out().lines().filter(line -> line.endsWith("no answer")))
                .hasSize(4);
        assertThat(ended.out()).contains("0 of 4 replicas answered; 3 are needed to go on");
    }

    @Test
    void aBenchmarkDoesNotBegin() {
        Cli.Ended ended = Cli.run("bench", folder.toString(), "--clients", "2", "--timeout", "0.5");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).isEqualToIgnoringNewLines("kv: no result within 0.5 s: too few replicas answer");
    }
}
