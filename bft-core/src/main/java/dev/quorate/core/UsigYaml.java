package dev.quorate.core;

import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UsigIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code cluster.yaml} says about USIGs: {@code usig} and {@code usigSettings}, and {@code usig} of each replica. */
final class UsigYaml {
    private static final String PROVIDER = "usig";
    private static final String SETTINGS = "usigSettings";
    private static final String IDENTITY = "usig";

    private final String where;

    UsigYaml(String where) {
        this.where = where;
    }

    /** @param root a document whose replicas have been read: they are a list of maps */
    Optional<UsigConfig> read(Map<?, ?> root, Protocol protocol) {
        List<?> replicas = (List<?>) root.get("replicas");
        if (protocol != Protocol.MINBFT) {
            requireNone(root, replicas, protocol);
            return Optional.empty();
        }
        if (!(root.get(PROVIDER) instanceof String provider)) {
            throw error("usig is missing: minbft needs the name of a USIG provider, such as ed25519");
        }
        Map<String, String> settings = settings(root);
        List<UsigIdentity> identities = new ArrayList<>();
        for (Object replica : replicas) {
            identities.add(identity((Map<?, ?>) replica, "replicas[" + identities.size() + "]"));
        }
        try {
            return Optional.of(new UsigConfig(provider, settings, identities));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": usig: " + e.getMessage(), e);
        }
    }

    private void requireNone(Map<?, ?> root, List<?> replicas, Protocol protocol) {
        boolean any = root.containsKey(PROVIDER)
                || root.containsKey(SETTINGS)
                || replicas.stream().anyMatch(replica -> ((Map<?, ?>) replica).containsKey(IDENTITY));
        if (any) {
            throw error(protocol.configName() + " has no use for a USIG: remove usig and usigSettings, or set protocol"
                    + " to minbft");
        }
    }

    private Map<String, String> settings(Map<?, ?> root) {
        Map<String, String> settings = new TreeMap<>();
        if (!root.containsKey(SETTINGS)) {
            return settings;
        }
        if (!(root.get(SETTINGS) instanceof Map<?, ?> given)) {
            throw error("usigSettings has to be a map of keys and values");
        }
        for (Map.Entry<?, ?> setting : given.entrySet()) {
            if (!(setting.getKey() instanceof String name) || !(setting.getValue() instanceof String value)) {
                throw error(
                        "usigSettings: '" + setting.getKey() + "' and its value have to be texts: put them in quotes");
            }
            settings.put(name, value);
        }
        return settings;
    }

    private UsigIdentity identity(Map<?, ?> replica, String what) {
        if (!(replica.get(IDENTITY) instanceof String hex)) {
            throw error(
                    what + ": usig is missing, or has to stand in quotes: minbft needs the identity of each replica's"
                            + " USIG, in hexadecimal");
        }
        try {
            return UsigIdentity.decode(Bytes.fromHex(hex));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    where + ": " + what + ": usig is not the identity of a USIG in hexadecimal: " + e.getMessage(), e);
        }
    }

    private ConfigException error(String message) {
        return new ConfigException(where + ": " + message);
    }

    /** The lines after the protocol, the first of them begun. */
    static String write(UsigConfig usig) {
        StringBuilder out = new StringBuilder(
                "\n\n# Which kind of trusted counter (USIG) every replica has, and what that kind is told.\nusig: ");
        out.append(quoted(usig.provider())).append('\n');
        if (usig.settings().isEmpty()) {
            out.append("usigSettings: {}");
        } else {
            out.append("usigSettings:");
            usig.settings()
                    .forEach((name, value) ->
                            out.append("\n  ").append(quoted(name)).append(": ").append(quoted(value)));
        }
        return out.toString();
    }

    /** A text in double quotes, in which YAML knows escapes. */
    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
