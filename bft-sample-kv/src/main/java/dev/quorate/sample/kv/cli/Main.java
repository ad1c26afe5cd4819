package dev.quorate.sample.kv.cli;

import dev.quorate.core.ConfigException;
import dev.quorate.core.InvocationException;
import dev.quorate.sample.kv.KvException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the command line begins: it turns every error into one line and an exit code. */
public final class Main {
    /** How the user started this, for hints that can be copied; the script {@code kv} says it. */
    static final String COMMAND = System.getenv().getOrDefault("KV_COMMAND", "kv");

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(utf8(FileDescriptor.out), utf8(FileDescriptor.err), args));
    }

    /** Runs one command, and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commands = new CommandLine(new KvCommand())
                .setCommandName("kv")
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Main::explain)
                .setExecutionExceptionHandler(Main::explain);
        // Said here, because what the annotation says is part of every command's help.
        commands.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "To see it work:      kv demo",
                        "To make a cluster:   kv init DIR",
                        "KV_LOG=INFO (or DEBUG) makes client commands log to standard error.");
        return commands.execute(args);
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** For what the parser found. */
    private static int explain(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        boolean unknownCommand = e instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !command.getSubcommands().isEmpty();
        String message = unknownCommand
                ? "there is no command '"
                        + ((UnmatchedArgumentException) e).getUnmatched().get(0) + "'"
                : firstLine(e.getMessage()).replaceFirst("^Error: ", "");
        String help = command.getCommandSpec().qualifiedName() + " --help";
        command.getErr().println("kv: " + message + "; see: " + help);
        return CliException.MISTAKE;
    }

    /** For what a command threw. */
    private static int explain(Exception e, CommandLine command, ParseResult parsed) {
        command.getErr().println("kv: " + firstLine(describe(e)));
        if (KvCommand.isVerbose(command)) {
            e.printStackTrace(command.getErr());
        }
        return exitCode(e);
    }

    private static String describe(Exception e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": access denied";
        }
        if (e instanceof FileSystemException file && file.getReason() == null) {
            return e.getClass().getSimpleName() + ": " + file.getFile();
        }
        if (isExpected(e)) {
            return e.getMessage();
        }
        return "internal error: " + e + " (--verbose shows where)";
    }

    private static boolean isExpected(Exception e) {
        return e instanceof CliException
                || e instanceof ConfigException
                || e instanceof InvocationException
                || e instanceof KvException
                || e instanceof IOException;
    }

    private static int exitCode(Exception e) {
        if (e instanceof CliException cli) {
            return cli.exitCode();
        }
        return e instanceof ConfigException || e instanceof IOException ? CliException.MISTAKE : CliException.FAILURE;
    }

    /** Libraries explain over several lines where in a file they stumbled; one line is enough for a person. */
    private static String firstLine(String message) {
        return message == null ? "unknown error" : message.lines().findFirst().orElse("unknown error");
    }
}
