package dev.quorate.sample.kv.cli;

import dev.quorate.sample.kv.KvClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kv size}. */
@Command(name = "size", description = "Print how many keys there are.")
final class SizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions client;

    @Override
    public Integer call() throws Exception {
        spec.commandLine().getOut().println(client.call(KvClient::size));
        return 0;
    }
}
