package dev.quorate.core;

import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** {@link ClusterConfig} as YAML: read strictly (a key that is not known is a mistake), written with comments. */
final class ClusterConfigYaml {
    private static final int FORMAT = 1;
    private static final long MAX_FILE_BYTES = 256L << 20;
    /** The document, a list, its entries; and some to spare. */
    private static final int MAX_DEPTH = 8;

    private final String where;

    private ClusterConfigYaml(String where) {
        this.where = where;
    }

    static ClusterConfig load(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new ConfigException(file + " is too large for a cluster configuration");
            }
            return parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no cluster configuration " + file, e);
        } catch (MalformedInputException e) {
            throw new ConfigException(file + " is not a text file in UTF-8", e);
        }
    }

    static ClusterConfig parse(String text, String where) {
        return new ClusterConfigYaml(where).read(text);
    }

    private ClusterConfig read(String text) {
        Object document;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(where)
                    .setCodePointLimit((int) MAX_FILE_BYTES)
                    .build();
            requirePlain(new Parse(settings).parseString(text));
            document = new Load(settings).loadFromString(text);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> " (line " + (mark.getLine() + 1) + ")")
                    .orElse("");
            throw new ConfigException(where + " is not valid YAML: " + e.getProblem() + line, e);
        } catch (YamlEngineException e) {
            throw new ConfigException(where + " is not valid YAML: " + e.getMessage(), e);
        }
        Map<?, ?> root = map(document, "the document");
        requireKeys(
                root,
                "the document",
                Set.of(
                        "format",
                        "clusterId",
                        "protocol",
                        "usig",
                        "usigSettings",
                        "signatures",
                        "fastReads",
                        "replicas",
                        "clients",
                        "limits"));
        if (integer(root, "format", "the document") != FORMAT) {
            throw error("format has to be " + FORMAT);
        }
        Bytes clusterId = hex(root, "clusterId", "the document");
        Protocol protocol = checked("protocol", () -> Protocol.named(string(root, "protocol", "the document")));
        String scheme = string(root, "signatures", "the document");
        checked("signatures", () -> SignatureScheme.named(scheme));
        List<ReplicaInfo> replicas = replicas(root, scheme);
        List<ClientInfo> clients = clients(root, scheme);
        Limits limits = limits(root);
        boolean fastReads = flag(root, "fastReads");
        Optional<UsigConfig> usig = new UsigYaml(where).read(root, protocol);
        return checked(
                "the cluster",
                () -> new ClusterConfig(clusterId, protocol, scheme, replicas, clients, limits, fastReads, usig));
    }

    /** True or false; false if it is not given. */
    private boolean flag(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw error(key + " has to be true or false");
    }

    /** Refuses what the parser would follow without end: aliases, and nesting beyond what a configuration has. */
    private void requirePlain(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof AliasEvent) {
                throw error("aliases (*) are not allowed");
            } else if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                throw error("nested more than " + MAX_DEPTH + " levels deep");
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
    }

    private List<ReplicaInfo> replicas(Map<?, ?> root, String scheme) {
        List<ReplicaInfo> replicas = new ArrayList<>();
        for (Object entry : list(root, "replicas")) {
            String what = "replicas[" + replicas.size() + "]";
            Map<?, ?> replica = map(entry, what);
            requireKeys(replica, what, Set.of("id", "address", "key", "usig"));
            int id = integer(replica, "id", what);
            String address = string(replica, "address", what);
            PublicKey key = new PublicKey(scheme, hex(replica, "key", what));
            int colon = address.lastIndexOf(':');
            String host = host(address.substring(0, Math.max(colon, 0)), address, what);
            int port = port(address.substring(colon + 1), what);
            replicas.add(checked(what, () -> new ReplicaInfo(new ReplicaId(id), host, port, key)));
        }
        return replicas;
    }

    private String host(String text, String address, String what) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        if (text.isEmpty() || (!bracketed && text.contains(":"))) {
            throw error(what + ": address has to be host:port, or [host]:port for IPv6, not '" + address + "'");
        }
        return bracketed ? text.substring(1, text.length() - 1) : text;
    }

    private int port(String text, String what) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ConfigException(where + ": " + what + ": address: '" + text + "' is not a port", e);
        }
    }

    private List<ClientInfo> clients(Map<?, ?> root, String scheme) {
        List<ClientInfo> clients = new ArrayList<>();
        for (Object entry : list(root, "clients")) {
            String what = "clients[" + clients.size() + "]";
            Map<?, ?> client = map(entry, what);
            requireKeys(client, what, Set.of("id", "key"));
            int id = integer(client, "id", what);
            PublicKey key = new PublicKey(scheme, hex(client, "key", what));
            clients.add(checked(what, () -> new ClientInfo(new ClientId(id), key)));
        }
        return clients;
    }

    private Bytes hex(Map<?, ?> owner, String key, String what) {
        try {
            return Bytes.fromHex(string(owner, key, what));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + what + ": " + key + " has to be hexadecimal", e);
        }
    }

    /** Has {@code maker} make a value, and says where in the file it comes from if it is not valid. */
    private <T> T checked(String what, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + what + ": " + e.getMessage(), e);
        }
    }

    private Limits limits(Map<?, ?> root) {
        Limits limits = Limits.defaults();
        if (root.get("limits") == null) {
            return limits;
        }
        Map<?, ?> given = map(root.get("limits"), "limits");
        Set<String> known = new LinkedHashSet<>();
        for (Limit limit : Limit.values()) {
            known.add(limit.configName());
        }
        requireKeys(given, "limits", known);
        for (Limit limit : Limit.values()) {
            if (given.containsKey(limit.configName())) {
                Limits before = limits;
                int value = integer(given, limit.configName(), "limits");
                limits = checked("limits", () -> before.with(limit, value));
            }
        }
        return limits;
    }

    private Map<?, ?> map(Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw error(what + " has to be a map of keys and values");
    }

    private List<?> list(Map<?, ?> map, String key) {
        if (map.get(key) instanceof List<?> list) {
            return list;
        }
        throw error(key + " has to be a list");
    }

    private String string(Map<?, ?> map, String key, String what) {
        if (map.get(key) instanceof String text) {
            return text;
        }
        throw error(what + ": " + key + " is missing, or has to stand in quotes");
    }

    private int integer(Map<?, ?> map, String key, String what) {
        if (map.get(key) instanceof Integer number) {
            return number;
        }
        throw error(what + ": " + key + " is missing, or not a whole number below 2^31");
    }

    private void requireKeys(Map<?, ?> map, String what, Set<String> known) {
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                throw error(what + ": unknown key '" + key + "'; known: "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private ConfigException error(String message) {
        return new ConfigException(where + ": " + message);
    }

    static String write(ClusterConfig config) {
        StringBuilder out = new StringBuilder();
        out.append("# A Quorate cluster. The same file goes to every replica and every client; it holds no secrets.\n")
                .append("format: ")
                .append(FORMAT)
                .append("\n\n# Random, and part of everything that is signed: what another cluster signed is worth")
                .append(" nothing here.\nclusterId: \"")
                .append(config.clusterId().toHex())
                .append("\"\n\n# pbft: n = 3f+1 replicas. minbft: n = 2f+1, and a trusted counter at each.\nprotocol: ")
                .append(config.protocol().configName())
                .append(config.usig().map(UsigYaml::write).orElse(""))
                .append("\n\n# The signature implementation, the same for the whole cluster.\nsignatures: \"")
                .append(config.signatureScheme())
                .append("\"\n\n# Whether clients may read without having the read ordered.\nfastReads: ")
                .append(config.fastReads())
                .append("\n\n# Replicas tolerate f = ")
                .append(config.f())
                .append(" faulty among these. Replicas and clients connect to the same address.\nreplicas:\n");
        for (ReplicaInfo replica : config.replicas()) {
            String host = replica.host().contains(":") ? "[" + replica.host() + "]" : replica.host();
            out.append("  - id: ")
                    .append(replica.id().value())
                    .append("\n    address: \"")
                    .append(host)
                    .append(':')
                    .append(replica.port())
                    .append("\"\n    key: \"")
                    .append(replica.key().encoded().toHex())
                    .append("\"\n")
                    .append(config.usig()
                            .map(usig -> "    usig: \""
                                    + usig.identity(replica.id()).encode().toHex() + "\"\n")
                            .orElse(""));
        }
        out.append("\n# Who may send requests.\n").append(config.clients().isEmpty() ? "clients: []\n" : "clients:\n");
        for (ClientInfo client : config.clients()) {
            out.append("  - id: ")
                    .append(client.id().value())
                    .append("\n    key: \"")
                    .append(client.key().encoded().toHex())
                    .append("\"\n");
        }
        out.append(
                        "\n# Limits and periods, the same for all members. A line that starts with # shows a default: take the #")
                .append(" away to change it.\nlimits:\n");
        for (Limit limit : Limit.values()) {
            boolean changed = config.limits().changed().containsKey(limit);
            out.append(changed ? "  " : "#  ")
                    .append(limit.configName())
                    .append(": ")
                    .append(config.limits().get(limit))
                    .append("  # ")
                    .append(limit.unit())
                    .append("; ")
                    .append(limit.meaning())
                    .append('\n');
        }
        return out.toString();
    }
}
