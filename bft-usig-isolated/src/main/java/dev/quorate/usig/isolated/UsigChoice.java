package dev.quorate.usig.isolated;

import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which USIG: for all commands. */
final class UsigChoice {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "DIR", description = "Where its key and counter are kept.")
    private Path directory;

    Path directory() {
        return directory;
    }

    UsigContext context() {
        return new UsigContext(directory);
    }

    /** Prints who it is from now on. */
    void print(UsigIdentity identity) {
        command.commandLine().getOut().println(identity.encode().toHex());
    }
}
