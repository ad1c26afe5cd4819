package dev.quorate.usig.isolated;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The USIG's process. */
@Command(
        name = "usig-isolated",
        subcommands = {InitCommand.class, RenewCommand.class, ServeCommand.class},
        description = {
            "A USIG (trusted counter) in a process of its own, for one replica.",
            "",
            "Make it once with 'init', put the identity that this prints into the cluster's",
            "configuration, and keep 'serve' running. To protect it from a replica that is",
            "taken over, run it as another user, and let the replica's user share a group."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    private boolean unusedHelp; // By picocli alone.

    public static void main(String[] args) {
        System.exit(run(utf8(FileDescriptor.out), utf8(FileDescriptor.err), args));
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** Runs one command; returns 0, 1 for a mistake or anything else that went wrong, 2 for a wrong command line. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    boolean expected = e instanceof IOException || e instanceof IllegalArgumentException;
                    command.getErr().println("usig-isolated: " + (expected ? describe(e) : "internal error: " + e));
                    return 1;
                })
                .execute(args);
    }

    /** The exceptions of the file system have only the file's name as their message. */
    private static String describe(Exception e) {
        return e instanceof java.nio.file.FileSystemException ? e.toString() : e.getMessage();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: init, renew or serve");
    }
}
