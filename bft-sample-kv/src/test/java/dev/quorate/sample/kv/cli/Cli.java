package dev.quorate.sample.kv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs {@code kv}: in this process where that makes no difference, else in one of its own. */
final class Cli {
    private Cli() {}

    /** How a command ended, and what it printed. */
    record Ended(int exitCode, String out, String err) {}

    /** Runs a command in this process. */
    static Ended run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ended(exitCode, out.toString(), err.toString());
    }

    /** Starts a command as a process, with its standard error among its output. */
    static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Runs a command as a process to its end. */
    static Ended runProcess(String... args) throws IOException, InterruptedException {
        Process process = start(args);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, "");
    }

    /** Starts replica 0, stops it as soon as it listens, and returns what it said. */
    static String startAndStop(Path folder, String... options) throws IOException, InterruptedException {
        String[] args = Stream.concat(Stream.of("replica", folder.toString(), "0"), Stream.of(options))
                .toArray(String[]::new);
        Process replica = start(args);
        StringBuilder out = new StringBuilder();
        for (String line = replica.inputReader().readLine();
                line != null;
                line = replica.inputReader().readLine()) {
            out.append(line).append('\n');
            if (line.startsWith("replica 0 listens on")) {
                replica.toHandle().destroy(); // Unlike the process's own method, it leaves the rest of the output.
            }
        }
        assertThat(replica.waitFor()).as(out.toString()).isZero();
        return out.toString();
    }
}
