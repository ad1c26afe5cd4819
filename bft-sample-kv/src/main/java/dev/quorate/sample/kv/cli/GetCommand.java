package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv get}. */
@Command(
        name = "get",
        description = {
            "Print the value of a key: its bytes as they are and a line end, or hexadecimal digits with --hex.",
            "The exit code is 3 if the key is not there."
        })
final class GetCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client;

    @Option(names = "--raw", description = "Print the bytes only, without a line end.")
    private boolean raw;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key;

    @Override
    public Integer call() throws Exception {
        Bytes keyBytes = client.parse(key);
        Optional<Bytes> value = client.call(kv -> kv.get(keyBytes));
        if (value.isEmpty()) {
            throw CliException.notThere("there is no key " + key);
        }
        if (client.isHex()) {
            System.out.println(value.get().toHex());
        } else {
            System.out.writeBytes(value.get().toArray());
            if (!raw) {
                System.out.println();
            }
        }
        System.out.flush();
        return 0;
    }
}
