package dev.quorate.usig.isolated;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code usig-isolated renew}. */
@Command(
        name = "renew",
        description = {
            "Throw away key and counter of the USIG in DIR, begin a new epoch, and print the new identity.",
            "The replica then has to rejoin. For a state that is damaged, or older than what the replica's log knows."
        })
final class RenewCommand implements Callable<Integer> {
    @Mixin
    private UsigChoice usig;

    @Option(
            names = "--epoch",
            paramLabel = "N",
            required = true,
            description = "The new epoch: higher than any that the cluster has accepted for this replica.")
    private long epoch;

    @Override
    public Integer call() throws IOException {
        usig.print(new IsolatedUsigProvider().renewHere(usig.context(), epoch));
        return 0;
    }
}
