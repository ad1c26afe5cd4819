package dev.quorate.sample.kv.cli;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.storage.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A replica in a process of its own, which ends when this process ends, however that may be. */
final class ReplicaProcess {
    private static final long KILL_SECONDS = 10;

    /** Java options for replicas that should start quickly. */
    static final List<String> QUICK_START = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    /** Java options for replicas that should be fast in the long run: Java's own. */
    static final List<String> FULL_SPEED = List.of();

    private final ReplicaId id;
    private final Path log;
    private final Process process;

    private ReplicaProcess(ReplicaId id, Path log, Process process) {
        this.id = id;
        this.log = log;
        this.process = process;
    }

    /** Starts {@code kv replica} with the Java and the class path of this process; its output goes to {@code log}. */
    static ReplicaProcess start(
            List<String> javaOptions, ClusterFolder folder, ReplicaId id, Durability durability, Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(
                List.of("replica", folder.path().toString(), String.valueOf(id.value()), "--until-end-of-input"));
        command.addAll(List.of("--durability", DurabilityName.nameOf(durability)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new ReplicaProcess(id, log, process);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Throws, with the reason if the log has one, if the process has ended by itself. */
    void requireAlive() throws IOException {
        if (isAlive()) {
            return;
        }
        List<String> lines = Files.readAllLines(log);
        String last = lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
        throw CliException.failure(id + " has ended with exit code " + process.exitValue() + last);
    }

    /** Kills it at once (SIGKILL), without a chance to say goodbye. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits until it has ended, after {@link #kill}. */
    void awaitEnd() throws InterruptedException {
        process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
    }
}
