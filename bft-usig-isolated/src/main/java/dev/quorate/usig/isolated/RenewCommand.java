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

/** {@code usig-isolated renew}. */
@Command(
        name = "renew",
        description = {
            "Throw away key and counter of the USIG in DIR, begin a new epoch, and print the new identity.",
            "The replica then has to rejoin. For a state that is damaged, or older than what the replica's log knows."
        })
final class RenewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "Where its key and counter are kept.")
    private Path directory;

    @Option(
            names = "--epoch",
            paramLabel = "N",
            required = true,
            description = "The new epoch: higher than any that the cluster has accepted for this replica.")
    private long epoch;

    @Override
    public Integer call() throws IOException {
        UsigContext context = new UsigContext(directory);
        spec.commandLine()
                .getOut()
                .println(new IsolatedUsigProvider()
                        .renew(context, epoch)
                        .encode()
                        .toHex());
        return 0;
    }
}
