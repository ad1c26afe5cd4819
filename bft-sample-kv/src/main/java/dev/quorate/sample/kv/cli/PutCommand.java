package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kv put}. */
@Command(name = "put", description = "Set the value of a key.")
final class PutCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key;

    @Parameters(index = "2", paramLabel = "VALUE", description = "Its new value.")
    private String value;

    @Override
    public Integer call() throws Exception {
        Bytes keyBytes = client.parse(key);
        Bytes valueBytes = client.parse(value);
        client.call(kv -> kv.put(keyBytes, valueBytes));
        return 0;
    }
}
