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
    /** A key of its own for each replica, and a counter that survives restarts. */
    static final String DEFAULT = "ed25519";

    static final String DESCRIPTION =
            "Which trusted counter the replicas of minbft have: ed25519 (default), hmac, or one whose jar is on the class "
                    + "path (KV_CLASSPATH).";

    /** What a cluster of that protocol has if nobody says otherwise. */
    static Optional<UsigChoice> defaultFor(Protocol protocol) {
        return protocol == Protocol.MINBFT ? Optional.of(new UsigChoice(DEFAULT, Map.of())) : Optional.empty();
    }

    /** The one that was chosen; {@code name} is null if nobody said. */
    static Optional<UsigChoice> of(Protocol protocol, String name) {
        if (name == null) {
            return defaultFor(protocol);
        }
        if (protocol != Protocol.MINBFT) {
            throw CliException.mistake(
                    "--usig goes with --protocol minbft; " + protocol.configName() + " needs no USIG");
        }
        UsigChoice choice = new UsigChoice(name, Map.of());
        choice.find();
        return Optional.of(choice);
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
