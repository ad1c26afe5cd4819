package dev.quorate.usig.isolated;

import dev.quorate.usig.UsigIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code usig-isolated serve}. */
@Command(
        name = "serve",
        description = {
            "Serve the USIG in DIR in the foreground, until Ctrl-C or SIGTERM.",
            "One client at a time; killed and started again at any instant, it goes on where it was."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private UsigChoice choice;

    @Option(
            names = "--socket",
            paramLabel = "FILE",
            description = "Where to listen (default: " + IsolatedUsigProvider.SOCKET_FILE
                    + " in DIR). Its directory has to" + " exist; about 80 characters at most.")
    private Path socket;

    @Option(names = "--group", description = "Let the socket's group connect as well, not only this user.")
    private boolean group;

    /** A process that is killed cannot end its children; they notice by this that it is gone. */
    @Option(names = "--until-end-of-input", hidden = true)
    private boolean untilEndOfInput;

    @Override
    public Integer call() throws IOException {
        Path where = socket != null ? socket : choice.directory().resolve(IsolatedUsigProvider.SOCKET_FILE);
        ServedUsig usig = new ServedUsig(choice.directory());
        UsigServer server;
        try {
            server = new UsigServer(usig, where, PosixFilePermissions.fromString(group ? "rw-rw----" : "rw-------"));
        } catch (IOException | RuntimeException e) {
            usig.close();
            throw e;
        }
        // Said before it serves: afterwards the USIG belongs to the client.
        UsigIdentity identity = usig.get().identity();
        String ready =
                "USIG epoch " + identity.epoch() + " at counter " + usig.get().lastCounter() + " listens on " + where;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
        if (untilEndOfInput) {
            exitAtEndOfInput();
        }
        spec.commandLine().getOut().println(ready);
        server.run();
        return 0;
    }

    private static void stop(UsigServer server) {
        try {
            server.close();
            // The exit code of a signal would say that something went wrong.
            Runtime.getRuntime().halt(server.hasFailed() ? 1 : 0);
        } catch (IOException e) {
            // The counter is safe all the same: every value was synced before it was given out.
            Runtime.getRuntime().halt(1);
        }
    }

    private static void exitAtEndOfInput() {
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // Whoever started this process is gone all the same.
                    }
                    System.exit(0);
                },
                "end-of-input");
        watch.setDaemon(true);
        watch.start();
    }
}
