package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv cas}. */
@Command(
        name = "cas",
        description = {
            "Compare and set: set the value of a key if its value is the expected one.",
            "The exit code is 3, and nothing changes, if it is not."
        })
final class CasCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key;

    @Parameters(index = "2", paramLabel = "VALUE", description = "Its new value.")
    private String value;

    @ArgGroup(multiplicity = "1")
    private Condition condition;

    /** Exactly one of these. */
    static final class Condition {
        @Option(
                names = "--expect",
                paramLabel = "VALUE",
                required = true,
                description = "Only if this is the present value.")
        private String expected;

        @Option(names = "--expect-absent", required = true, description = "Only if the key is not there.")
        private boolean absent;
    }

    @Override
    public Integer call() throws Exception {
        Bytes keyBytes = client.parse(key);
        Bytes update = client.parse(value);
        Optional<Bytes> expected = condition.absent ? Optional.empty() : Optional.of(client.parse(condition.expected));
        if (!client.call(kv -> kv.compareAndSet(keyBytes, expected, update))) {
            throw CliException.notThere(
                    condition.absent
                            ? "not set: there is a key " + key + " already"
                            : "not set: key " + key + " has not the expected value");
        }
        return 0;
    }
}
