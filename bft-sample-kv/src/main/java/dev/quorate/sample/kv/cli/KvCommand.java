package dev.quorate.sample.kv.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code kv} itself. */
@Command(
        name = "kv",
        description = "A key-value store, replicated so that it tolerates replicas that fail in any way.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = KvCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        subcommands = {
            DemoCommand.class,
            InitCommand.class,
            ReplicaCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            PutCommand.class,
            GetCommand.class,
            DeleteCommand.class,
            CasCommand.class,
            ScanCommand.class,
            SizeCommand.class,
            BenchCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it did not work, for example because too few replicas answer",
            "2:what was typed, or a file that it names, has to be corrected",
            "3:the key is not there, or the condition of cas did not hold"
        })
final class KvCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show where in the program an error arose.")
    private boolean verbose;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    static boolean isVerbose(CommandLine command) {
        return ((KvCommand) command.getCommandSpec().root().userObject()).verbose;
    }

    /** What the jar says that it is. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = KvCommand.class.getPackage().getImplementationVersion();
            return new String[] {"kv " + (version == null ? "(not packaged)" : version)};
        }
    }
}
