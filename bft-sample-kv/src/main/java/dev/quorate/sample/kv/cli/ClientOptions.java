package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.InvocationException;
import dev.quorate.core.Limit;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands that use the store as a client have in common. */
final class ClientOptions {
    @Mixin
    private ClientKey key;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            converter = Seconds.class,
            description = "How long to wait for a result (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(names = "--hex", description = "Keys and values are given and shown in hexadecimal digits.")
    private boolean hex;

    /** Connects, has one thing done, and closes. */
    <T> T call(Function<KvClient, CompletableFuture<T>> operation) throws IOException, InterruptedException {
        ClusterConfig config = withTimeout(key.config(), timeout);
        try (KvClient kv = new KvClient(key.connect(config))) {
            return KvClient.await(operation.apply(kv), timeout);
        } catch (InvocationException e) {
            throw e.reason() == InvocationException.Reason.TIMEOUT ? noQuorum() : e;
        } catch (IllegalArgumentException e) {
            throw CliException.mistake(e.getMessage(), e);
        }
    }

    private CliException noQuorum() {
        return CliException.failure("no result within " + Seconds.show(timeout)
                + ": too few replicas answer; what runs: " + Main.COMMAND + " status " + Text.quote(key.path()));
    }

    /** The same cluster, but a client that goes on trying for that long. */
    static ClusterConfig withTimeout(ClusterConfig config, Duration timeout) {
        Limit limit = Limit.CLIENT_TIMEOUT;
        int millis = (int) Math.max(limit.min(), Math.min(timeout.toMillis(), limit.max()));
        return config.withLimits(config.limits().with(limit, millis));
    }

    /** A key or a value as it was typed. */
    Bytes parse(String text) {
        if (hex) {
            try {
                return Bytes.fromHex(text);
            } catch (IllegalArgumentException e) {
                throw CliException.mistake("'" + text + "' is not hexadecimal (an even number of 0-9, a-f)", e);
            }
        }
        if (text.indexOf('\uFFFD') >= 0) {
            throw CliException.mistake("an argument is not valid text in this locale; give its bytes with --hex");
        }
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    boolean isHex() {
        return hex;
    }

    /** A key or a value on one line, among others. */
    String show(Bytes bytes) {
        return hex ? bytes.toHex() : Text.escape(bytes);
    }
}
