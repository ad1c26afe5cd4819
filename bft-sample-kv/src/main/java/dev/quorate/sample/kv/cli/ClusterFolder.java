package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.UsigConfig;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.KeyFiles;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.sample.kv.KvLimits;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * A folder with what a cluster needs: its configuration and everybody's keys.
 *
 * <p>That one folder holds the keys of all is for trying things on one machine. On several, each gets {@code
 * cluster.yaml}, {@code store.properties} if it is there, its own key, the file that says that it was never started, and
 * for MinBFT its own USIG.
 */
record ClusterFolder(Path path) {
    static final String HOST = "127.0.0.1";
    /** The largest store that a state can be of, in MiB. */
    static final int MAX_STORE_MIB = 2048;

    static final String STORE_FILE = "store.properties";
    private static final String STORE_KEY = "maxStoreMib";

    private static final String FIRST_START = """
            This replica was never started. Its first start removes this file; if it then finds its store empty, it
            knows that the store was lost.
            """;

    /** Makes keys and a configuration; {@code ports} are those of the replicas, in the order of their ids. */
    static ClusterFolder create(Path path, Protocol protocol, List<Integer> ports, int clients) throws IOException {
        return create(path, protocol, ports, clients, Limits.defaults(), false, UsigChoice.defaultFor(protocol));
    }

    /**
     * The same with limits of one's own, with or without fast reads, and a choice of USIGs, which is there if and only if
     * the protocol has any.
     */
    static ClusterFolder create(
            Path path,
            Protocol protocol,
            List<Integer> ports,
            int clients,
            Limits limits,
            boolean fastReads,
            Optional<UsigChoice> usigChoice)
            throws IOException {
        ClusterFolder folder = new ClusterFolder(path);
        Files.createDirectories(path);
        SecureRandom random = new SecureRandom();
        List<ReplicaInfo> replicas = new ArrayList<>();
        for (int id = 0; id < ports.size(); id++) {
            PublicKey key = writeNewKey(folder.replicaKey(id), random);
            replicas.add(new ReplicaInfo(new ReplicaId(id), HOST, ports.get(id), key));
            Files.writeString(folder.firstStart(id), FIRST_START);
        }
        List<ClientInfo> admitted = new ArrayList<>();
        for (int id = 0; id < clients; id++) {
            PublicKey key = writeNewKey(folder.clientKey(id), random);
            admitted.add(new ClientInfo(new ClientId(id), key));
        }
        Optional<UsigConfig> usig = Optional.empty();
        if (usigChoice.isPresent()) {
            List<Path> directories = IntStream.range(0, ports.size())
                    .mapToObj(folder::usigDirectory)
                    .toList();
            usig = Optional.of(usigChoice.get().make(directories));
        }
        ClusterConfig config = new ClusterConfig(
                ClusterConfig.newClusterId(random),
                protocol,
                SignatureScheme.DEFAULT,
                replicas,
                admitted,
                limits,
                fastReads,
                usig);
        Files.writeString(folder.configFile(), config.toYaml());
        return folder;
    }

    private static PublicKey writeNewKey(Path file, SecureRandom random) throws IOException {
        SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);
        PrivateKey key = scheme.generate(random);
        KeyFiles.write(file, key);
        return publicKey(scheme, key);
    }

    private static PublicKey publicKey(SignatureScheme scheme, PrivateKey key) {
        try {
            return scheme.publicKey(key);
        } catch (InvalidKeyException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }

    Path configFile() {
        return path.resolve("cluster.yaml");
    }

    /** Says how much the store holds; there only if that is not the default. */
    private Path storeFile() {
        return path.resolve(STORE_FILE);
    }

    /** Has the store of a cluster that has not started yet hold so much. */
    void setStoreMib(int mib) throws IOException {
        Files.writeString(storeFile(), STORE_KEY + "=" + mib + System.lineSeparator());
    }

    /** What the store holds at most, in bytes. */
    long storeBytes() throws IOException {
        if (!Files.exists(storeFile())) {
            return KvLimits.DEFAULT_STORE_BYTES;
        }
        Properties properties = new Properties();
        String value;
        try (Reader in = Files.newBufferedReader(storeFile())) {
            properties.load(in);
            value = properties.getProperty(STORE_KEY, "").strip();
            int mib = Integer.parseInt(value);
            if (mib >= 1 && mib <= MAX_STORE_MIB) {
                return (long) mib << 20;
            }
        } catch (IllegalArgumentException e) {
            throw unusable(e);
        }
        throw unusable(null);
    }

    private CliException unusable(Exception cause) {
        return CliException.mistake(
                storeFile() + " has to say " + STORE_KEY + "=N, with N from 1 to " + MAX_STORE_MIB, cause);
    }

    Path replicaKey(int id) {
        return path.resolve("replica-" + id + ".key");
    }

    /** Where a replica's USIG is; there only if the protocol has USIGs. */
    Path usigDirectory(int id) {
        return path.resolve("usig-" + id);
    }

    /** Where a replica keeps what it must not forget. */
    Path storeDirectory(int id) {
        return path.resolve("store-" + id);
    }

    /** A file that is there until a replica has been started for the first time. */
    Path firstStart(int id) {
        return path.resolve("replica-" + id + ".new");
    }

    Path clientKey(int id) {
        return path.resolve("client-" + id + ".key");
    }

    /** The cluster's configuration, which has room for the store's operations. */
    ClusterConfig config() throws IOException {
        if (!Files.isDirectory(path)) {
            throw CliException.mistake("there is no folder " + path + "; to make a cluster: " + Main.COMMAND + " init "
                    + Text.quote(path));
        }
        ClusterConfig config = ClusterConfig.load(configFile());
        KvLimits.requireRoom(config);
        return config;
    }

    /** Throws if the cluster has no such replica. */
    void requireReplica(ClusterConfig config, int id) {
        if (!config.hasReplica(id)) {
            throw CliException.mistake("there is no replica " + id + "; this cluster has 0 to " + (config.n() - 1));
        }
    }

    /** The key of that replica; it is an error if the file holds the key of another one. */
    Identity replicaIdentity(ClusterConfig config, int id) throws IOException {
        requireReplica(config, id);
        return identity(
                config, replicaKey(id), config.replica(new ReplicaId(id)).key());
    }

    /** The key of that client; it is an error if the file holds the key of another one. */
    Identity clientIdentity(ClusterConfig config, int id) throws IOException {
        ClientInfo client = config.clients().stream()
                .filter(admitted -> admitted.id().value() == id)
                .findFirst()
                .orElseThrow(() -> CliException.mistake("there is no client " + id + "; this cluster admits "
                        + config.clients().size() + " (0 is the first)"));
        return identity(config, clientKey(id), client.key());
    }

    private Identity identity(ClusterConfig config, Path file, PublicKey expected) throws IOException {
        Identity identity = Identity.load(file);
        if (!publicKey(SignatureScheme.named(config.signatureScheme()), identity.key())
                .equals(expected)) {
            throw CliException.mistake(file + " does not belong to the key that " + configFile() + " has for it");
        }
        return identity;
    }
}
