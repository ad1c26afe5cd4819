package dev.quorate.core;

import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.PublicKey;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** {@link ClusterConfig} as YAML: read strictly (a key that is not known is a mistake), written with comments. */
final class ClusterConfigYaml {
    private static final int FORMAT = 1;
    private static final long MAX_FILE_BYTES = 256L << 20;

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
                    .setMaxAliasesForCollections(0)
                    .build();
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
                Set.of("format", "clusterId", "protocol", "signatures", "replicas", "clients", "limits"));
        if (integer(root, "format", "the document") != FORMAT) {
            throw error("format has to be " + FORMAT);
        }
        try {
            String scheme = string(root, "signatures", "the document");
            return new ClusterConfig(
                    Bytes.fromHex(string(root, "clusterId", "the document")),
                    Protocol.named(string(root, "protocol", "the document")),
                    scheme,
                    replicas(root, scheme),
                    clients(root, scheme),
                    limits(root));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + e.getMessage(), e);
        }
    }

    private List<ReplicaInfo> replicas(Map<?, ?> root, String scheme) {
        List<ReplicaInfo> replicas = new ArrayList<>();
        for (Object entry : list(root, "replicas")) {
            Map<?, ?> replica = map(entry, "a replica");
            String what = "replica " + replica.get("id");
            requireKeys(replica, what, Set.of("id", "address", "key"));
            String address = string(replica, "address", what);
            int colon = address.lastIndexOf(':');
            if (colon < 1) {
                throw error(what + ": address has to be host:port, not '" + address + "'");
            }
            String host = address.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            replicas.add(new ReplicaInfo(
                    new ReplicaId(integer(replica, "id", what)),
                    host,
                    port(address.substring(colon + 1), what),
                    key(replica, what, scheme)));
        }
        return replicas;
    }

    private int port(String text, String what) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw error(what + ": '" + text + "' is not a port");
        }
    }

    private List<ClientInfo> clients(Map<?, ?> root, String scheme) {
        List<ClientInfo> clients = new ArrayList<>();
        for (Object entry : list(root, "clients")) {
            Map<?, ?> client = map(entry, "a client");
            String what = "client " + client.get("id");
            requireKeys(client, what, Set.of("id", "key"));
            clients.add(new ClientInfo(new ClientId(integer(client, "id", what)), key(client, what, scheme)));
        }
        return clients;
    }

    private PublicKey key(Map<?, ?> owner, String what, String scheme) {
        try {
            return new PublicKey(scheme, Bytes.fromHex(string(owner, "key", what)));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + what + ": key has to be hexadecimal", e);
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
                limits = limits.with(limit, integer(given, limit.configName(), "limits"));
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
        throw error(what + ": " + key + " has to be a whole number");
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
                .append("\n\n# The signature implementation, the same for the whole cluster.\nsignatures: ")
                .append(config.signatureScheme())
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
                    .append("\"\n");
        }
        out.append("\n# Who may send requests.\n").append(config.clients().isEmpty() ? "clients: []\n" : "clients:\n");
        for (ClientInfo client : config.clients()) {
            out.append("  - id: ")
                    .append(client.id().value())
                    .append("\n    key: \"")
                    .append(client.key().encoded().toHex())
                    .append("\"\n");
        }
        out.append("\n# Limits and periods; a line that starts with # shows a default.\nlimits:\n");
        if (config.limits().changed().isEmpty()) {
            out.setLength(out.length() - 1);
            out.append(" {}\n");
        }
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
