package dev.quorate.usig;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where one USIG lives, and how it is set.
 *
 * @param directory holds its state, or the description of its device; each USIG has one of its own
 * @param settings of its provider, from the cluster's configuration: the same for every replica
 */
public record UsigContext(Path directory, Map<String, String> settings) {
    /** Copies {@code settings}. */
    public UsigContext {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    /** Without settings: the provider's defaults. */
    public UsigContext(Path directory) {
        this(directory, new TreeMap<>());
    }

    /** The value of a setting, or {@code otherwise} where it is not set. */
    public String setting(String name, String otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    /** Throws {@link IllegalArgumentException}, listing {@code known}, if there is any other setting. */
    public void requireKnown(String provider, List<String> known) {
        for (String name : settings.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("the USIG '" + provider + "' has no setting '" + name + "'; known: "
                        + String.join(", ", known));
            }
        }
    }
}
