package dev.quorate.usig.isolated;

import dev.quorate.usig.UsigContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code usig-isolated init}. */
@Command(name = "init", description = "Make a USIG in DIR, and print its identity in hexadecimal.")
final class InitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "Where its key and counter are kept.")
    private Path directory;

    @Option(
            names = "--epoch",
            paramLabel = "N",
            defaultValue = "0",
            description = "Higher than any before, if the replica had a USIG that is lost (default: ${DEFAULT-VALUE}).")
    private long epoch;

    @Override
    public Integer call() throws IOException {
        UsigContext context = new UsigContext(directory);
        spec.commandLine()
                .getOut()
                .println(
                        new IsolatedUsigProvider().init(context, epoch).encode().toHex());
        return 0;
    }
}
