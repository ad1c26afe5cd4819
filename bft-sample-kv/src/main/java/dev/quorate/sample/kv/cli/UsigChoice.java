package dev.quorate.sample.kv.cli;

import dev.quorate.core.Protocol;
import dev.quorate.core.UsigConfig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which USIGs a new cluster gets.
 *
 * @param provider the name of a provider on the class path
 * @param settings what it is told
 */
record UsigChoice(String provider, Map<String, String> settings) {
    /** A key of its own for each replica. */
    static final String DEFAULT = "ed25519";

    private static final String COUNTER = "counter";
    private static final List<String> COUNTERS = List.of("log", "synced", "volatile");
    /** Those in the replica's process, which keep their counter in its log if they are not told otherwise. */
    private static final List<String> SOFTWARE = List.of(DEFAULT, "hmac");

    static final String COUNTER_DESCRIPTION =
            "Where ed25519 and hmac keep the counter: log (default; in the replica's log, needs --durability sync), "
                    + "synced (in a file of its own, which each message waits for) or volatile (nowhere: the replica "
                    + "rejoins after every stop).";

    static final String DESCRIPTION =
            "Which trusted counter the replicas of minbft have: ed25519 (default), hmac, or one whose jar is on the class "
                    + "path (KV_CLASSPATH).";

    /** What a cluster of that protocol has if nobody says otherwise. */
    static Optional<UsigChoice> defaultFor(Protocol protocol) {
        return protocol == Protocol.MINBFT ? Optional.of(choice(DEFAULT, null)) : Optional.empty();
    }

    /** The one that was chosen; {@code name} and {@code counter} are null if nobody said. */
    static Optional<UsigChoice> of(Protocol protocol, String name, String counter) {
        if (name == null && counter == null) {
            return defaultFor(protocol);
        }
        if (protocol != Protocol.MINBFT) {
            throw CliException.mistake(
                    "--usig and --counter go with --protocol minbft; " + protocol.configName() + " needs no USIG");
        }
        UsigChoice choice = choice(name == null ? DEFAULT : name, counter);
        choice.find();
        return Optional.of(choice);
    }

    private static UsigChoice choice(String name, String counter) {
        if (counter != null && SOFTWARE.contains(name) && !COUNTERS.contains(counter)) {
            throw CliException.mistake("--counter is '" + counter + "', but has to be one of " + COUNTERS);
        }
        if (counter != null) {
            return new UsigChoice(name, Map.of(COUNTER, counter));
        }
        return new UsigChoice(name, SOFTWARE.contains(name) ? Map.of(COUNTER, "log") : Map.of());
    }

    private UsigProvider find() {
        try {
            return UsigProvider.named(provider);
        } catch (IllegalArgumentException e) {
            throw CliException.mistake(e.getMessage(), e);
        }
    }

    /** Makes a USIG in each directory, in the order of the replicas' ids. */
    UsigConfig make(List<Path> directories) throws IOException {
        List<UsigContext> contexts = directories.stream()
                .map(directory -> new UsigContext(directory, settings))
                .toList();
        try {
            List<UsigIdentity> identities = find().initAll(contexts);
            return new UsigConfig(provider, settings, identities);
        } catch (IllegalArgumentException e) {
            throw CliException.mistake("usig: " + e.getMessage(), e);
        }
    }
}
