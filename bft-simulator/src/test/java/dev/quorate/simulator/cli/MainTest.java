package dev.quorate.simulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int simulate(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void runsSeedsAndSaysWhatHappened() {
        assertThat(simulate("--seeds", "0..3", "--jobs", "2")).isZero();

        assertThat(out.toString())
                .contains("what happened in these runs")
                .contains("4 runs, 0 failures")
                .contains("digest");
    }

    @Test
    void severalJobsGiveTheSameAsOne() {
        simulate("--seeds", "10..15", "--jobs", "1", "--json");
        simulate("--seeds", "10..15", "--jobs", "3", "--json");

        String[] lines = out.toString().split("\n", -1);
        assertThat(digest(lines[0])).isEqualTo(digest(lines[1])).hasSize(64);
    }

    private static String digest(String json) {
        return json.replaceAll(".*\"digest\":\"([0-9a-f]*)\".*", "$1").strip();
    }

    @Test
    void writesADiagram(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("run.html");

        assertThat(simulate("--seed", "1", "--limit-operations", "2", "--trace", file.toString()))
                .isZero();

        assertThat(Files.readString(file)).startsWith("<!").contains("PRE_PREPARE");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThat(simulate("--seeds", "5..1")).isEqualTo(2);
        assertThat(simulate("--seeds", "a..b")).isEqualTo(2);
        assertThat(simulate("--seed", "1", "--seeds", "0..1")).isEqualTo(2);
        assertThat(simulate("--seed", "1", "--protocol", "paxos")).isEqualTo(2);
        assertThat(simulate("--seed", "1", "--signatures", "rot13")).isEqualTo(2);
        assertThat(err.toString()).contains("known: pbft, minbft").contains("unknown signature scheme");
    }
}
