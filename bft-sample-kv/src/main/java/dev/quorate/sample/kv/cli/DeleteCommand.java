package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kv delete}. */
@Command(name = "delete", description = "Remove a key. The exit code is 3 if it is not there.")
final class DeleteCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key;

    @Override
    public Integer call() throws Exception {
        Bytes keyBytes = client.parse(key);
        if (!client.call(kv -> kv.delete(keyBytes))) {
            throw CliException.notThere("there is no key " + key);
        }
        return 0;
    }
}
