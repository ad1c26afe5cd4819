package dev.quorate.usig.isolated;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code usig-isolated init}. */
@Command(name = "init", description = "Make a USIG in DIR, and print its identity in hexadecimal.")
final class InitCommand implements Callable<Integer> {
    @Mixin
    private UsigChoice usig;

    @Option(
            names = "--epoch",
            paramLabel = "N",
            defaultValue = "0",
            description = "Higher than any before, if the replica had a USIG that is lost (default: ${DEFAULT-VALUE}).")
    private long epoch;

    @Override
    public Integer call() throws IOException {
        usig.print(new IsolatedUsigProvider().init(usig.context(), epoch));
        return 0;
    }
}
