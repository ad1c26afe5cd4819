package dev.quorate.usig.isolated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of these tests: the USIG's, or a client's. It ends with the process that started it. */
final class UsigProcess {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final String firstLine;

    private UsigProcess(Process process, String firstLine) {
        this.process = process;
        this.firstLine = firstLine;
    }

    /** Serves the USIG in {@code directory}; returns when it listens, throws if it ends before. */
    static UsigProcess serve(Path directory, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", directory.toString(), "--until-end-of-input"));
        arguments.addAll(List.of(options));
        return start(Main.class, arguments);
    }

    /** Starts a class, and waits for the first line that it prints. */
    static UsigProcess start(Class<?> main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = process.inputReader().readLine();
        if (line == null) {
            throw new IOException(main.getSimpleName() + " ended before it was ready");
        }
        return new UsigProcess(process, line);
    }

    String firstLine() {
        return firstLine;
    }

    String readLine() throws IOException {
        return process.inputReader().readLine();
    }

    /** SIGKILL; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        end();
    }

    /** SIGTERM; returns its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return end();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private int end() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
