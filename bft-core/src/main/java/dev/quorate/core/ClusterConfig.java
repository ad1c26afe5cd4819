package dev.quorate.core;

import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What all replicas and clients of one cluster have to agree on: members, keys, protocol, limits. Immutable; checked
 * when it is made, so that whoever holds one holds a valid one.
 *
 * @param clusterId {@value #CLUSTER_ID_BYTES} random bytes, part of everything that is signed
 * @param protocol how requests are ordered
 * @param signatureScheme the name of the {@link SignatureScheme} that everybody uses
 * @param replicas in the order of their ids, which are {@code 0..n-1}
 * @param clients in any order
 * @param limits see {@link Limit}
 * @param fastReads whether {@link BftClient#read} may read without ordering. Ordered operations then wait for more
 *     replies, so that what was acknowledged is seen by every later read
 * @param usig the replicas' trusted counters, for MinBFT only. A file always has them there; only simulated clusters,
 *     which bring counters of their own, do without
 */
public record ClusterConfig(
        Bytes clusterId,
        Protocol protocol,
        String signatureScheme,
        List<ReplicaInfo> replicas,
        List<ClientInfo> clients,
        Limits limits,
        boolean fastReads,
        Optional<UsigConfig> usig) {

    public static final int CLUSTER_ID_BYTES = 16;
    /** More replicas than this make no sense for protocols in which everybody talks to everybody. */
    public static final int MAX_REPLICAS = 100;

    public static final int MAX_CLIENTS = 1_000_000;

    /** Room for a signature in every limit; see {@link Limits#maxBatchMessageBytes()}. */
    static final int MAX_SIGNATURE_BYTES = 128;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");
    private static final int ENVELOPE_BYTES = 1024;
    /** A manifest of 65 536 chunks: of a state of 16 GiB. */
    private static final int MAX_STATE_PART_BYTES = 2 << 20;

    private static final int MAX_MESSAGE_BYTES = Integer.MAX_VALUE / 2;

    /**
     * A replica as the others know it.
     *
     * @param host a name or an address
     * @param port where it listens, for replicas and clients alike
     */
    public record ReplicaInfo(ReplicaId id, String host, int port, PublicKey key) {
        public ReplicaInfo {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(id + ": port " + port + " is not from 1 to 65535");
            }
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(id + ": '" + host + "' is not a host's name or address");
            }
        }
    }

    /** A client that is admitted. */
    public record ClientInfo(ClientId id, PublicKey key) {}

    /** A configuration without fast reads. */
    public ClusterConfig(
            Bytes clusterId,
            Protocol protocol,
            String signatureScheme,
            List<ReplicaInfo> replicas,
            List<ClientInfo> clients,
            Limits limits) {
        this(clusterId, protocol, signatureScheme, replicas, clients, limits, false);
    }

    /** A configuration without USIGs. */
    public ClusterConfig(
            Bytes clusterId,
            Protocol protocol,
            String signatureScheme,
            List<ReplicaInfo> replicas,
            List<ClientInfo> clients,
            Limits limits,
            boolean fastReads) {
        this(clusterId, protocol, signatureScheme, replicas, clients, limits, fastReads, Optional.empty());
    }

    public ClusterConfig {
        replicas = List.copyOf(replicas);
        clients = List.copyOf(clients);
        if (clusterId.length() != CLUSTER_ID_BYTES) {
            throw new IllegalArgumentException("clusterId has to have " + CLUSTER_ID_BYTES + " bytes");
        }
        if (replicas.isEmpty() || replicas.size() > MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    "a cluster has from 1 to " + MAX_REPLICAS + " replicas, not " + replicas.size());
        }
        if (clients.size() > MAX_CLIENTS) {
            throw new IllegalArgumentException("more than " + MAX_CLIENTS + " clients");
        }
        limits.requireConsistent();
        SignatureScheme scheme = SignatureScheme.named(signatureScheme);
        if (scheme.signatureLength() > MAX_SIGNATURE_BYTES) {
            throw new IllegalArgumentException("signatures of " + signatureScheme + " have " + scheme.signatureLength()
                    + " bytes; there is room for " + MAX_SIGNATURE_BYTES);
        }
        requireDistinctMembers(scheme, replicas, clients);
        if (usig.isPresent()) {
            requireFit(usig.get(), protocol, replicas.size());
        }
        requireKeepable(protocol, scheme, replicas.size(), limits);
    }

    /** The longest record that a replica has to keep before it goes on has to fit into its store. */
    private static void requireKeepable(Protocol protocol, SignatureScheme scheme, int n, Limits limits) {
        int most = ReplicaStore.MAX_RECORD_BYTES;
        int proposal = limits.maxProposalBytes();
        if (proposal > most) {
            throw new IllegalArgumentException("a proposal may have " + proposal + " bytes, and a record in a store "
                    + most
                    + " at most: lower maxBatchBytes, maxOperationBytes or maxBatchRequests, which counts for 256"
                    + " bytes a request, by " + (proposal - most) + " bytes in all");
        }
        int newView = ViewChangeSizes.of(protocol, scheme, n, limits).newView() + ENVELOPE_BYTES;
        if (protocol == Protocol.PBFT && newView > most) {
            int window = limits.get(Limit.WINDOW);
            throw new IllegalArgumentException("with " + n + " replicas and a window of " + window
                    + " a NEW-VIEW may have " + newView + " bytes, and a record in a store " + most
                    + " at most: lower window to " + (long) window * most / newView + " or less");
        }
    }

    /**
     * How large what view changes take can be.
     *
     * @param quorum how many there are of everything of which replicas have one each: more are not valid
     * @param signature the bytes of a signature, who made it, and the fields around both
     */
    private record ViewChangeSizes(long quorum, long signature, long window) {
        static ViewChangeSizes of(Protocol protocol, SignatureScheme scheme, int n, Limits limits) {
            return new ViewChangeSizes(
                    QuorumSystem.of(protocol, n).certificate(),
                    scheme.signatureLength() + 16L,
                    limits.get(Limit.WINDOW));
        }

        private int viewChange() {
            return (int) Math.min(MAX_MESSAGE_BYTES, (128 + signature * quorum) * (window + 1));
        }

        private int newView() {
            long viewChanges = quorum * (viewChange() + signature);
            return (int) Math.min(MAX_MESSAGE_BYTES, viewChanges + (signature + 64) * window);
        }
    }

    private static void requireFit(UsigConfig usig, Protocol protocol, int n) {
        if (protocol != Protocol.MINBFT) {
            throw new IllegalArgumentException(protocol.configName() + " has no use for USIGs");
        }
        if (usig.identities().size() != n) {
            throw new IllegalArgumentException(
                    "there are " + n + " replicas, and " + usig.identities().size() + " USIGs");
        }
    }

    private static void requireDistinctMembers(
            SignatureScheme scheme, List<ReplicaInfo> replicas, List<ClientInfo> clients) {
        Set<PublicKey> keys = new HashSet<>();
        for (int i = 0; i < replicas.size(); i++) {
            ReplicaInfo replica = replicas.get(i);
            if (replica.id().value() != i) {
                throw new IllegalArgumentException(
                        "replica ids have to be 0, 1, 2, … in this order; found " + replica.id() + " at place " + i);
            }
            requireUsable(scheme, replica.key(), replica.id().toString(), keys);
        }
        Set<ClientId> ids = new HashSet<>();
        for (ClientInfo client : clients) {
            if (!ids.add(client.id())) {
                throw new IllegalArgumentException(client.id() + " appears twice");
            }
            requireUsable(scheme, client.key(), client.id().toString(), keys);
        }
    }

    private static void requireUsable(SignatureScheme scheme, PublicKey key, String owner, Set<PublicKey> keys) {
        if (!keys.add(key)) {
            throw new IllegalArgumentException(owner + " has the same key as another member");
        }
        try {
            scheme.verifier(key);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException(owner + ": " + e.getMessage(), e);
        }
    }

    /** {@code n}, the number of replicas. */
    public int n() {
        return replicas.size();
    }

    /** {@code f}, the number of faulty replicas that the cluster tolerates. */
    public int f() {
        return protocol.maxFaulty(n());
    }

    /** The replica of that id, which has to be one of this cluster. */
    public ReplicaInfo replica(ReplicaId id) {
        return replicas.get(id.value());
    }

    public boolean hasReplica(int id) {
        return id >= 0 && id < replicas.size();
    }

    public Optional<ReplicaId> replicaWithKey(PublicKey key) {
        return replicas.stream()
                .filter(r -> r.key().equals(key))
                .map(ReplicaInfo::id)
                .findFirst();
    }

    public Optional<ClientId> clientWithKey(PublicKey key) {
        return clients.stream()
                .filter(c -> c.key().equals(key))
                .map(ClientInfo::id)
                .findFirst();
    }

    /**
     * The largest message that a correct replica or client sends, in bytes. Between replicas, what exceeds {@link
     * Limit#MAX_FRAME_BYTES} travels in pieces.
     */
    public int maxMessageBytes() {
        int largestPayload = Math.max(maxNewViewBytes(), maxStatePartBytes());
        return Math.max(limits.maxBatchMessageBytes(), largestPayload + ENVELOPE_BYTES);
    }

    /** The largest VIEW-CHANGE in bytes: a certificate of a quorum for each position of the window, and one below. */
    public int maxViewChangeBytes() {
        return ViewChangeSizes.of(protocol, scheme(), n(), limits).viewChange();
    }

    /** The largest part of a state in bytes. */
    public int maxStatePartBytes() {
        return MAX_STATE_PART_BYTES;
    }

    /** The largest NEW-VIEW in bytes: the VIEW-CHANGEs of a quorum, and a header for each position of the window. */
    public int maxNewViewBytes() {
        return ViewChangeSizes.of(protocol, scheme(), n(), limits).newView();
    }

    private SignatureScheme scheme() {
        return SignatureScheme.named(signatureScheme);
    }

    /** The same cluster with other limits: for a client of its own patience, or before the cluster is begun. */
    public ClusterConfig withLimits(Limits other) {
        return new ClusterConfig(clusterId, protocol, signatureScheme, replicas, clients, other, fastReads, usig);
    }

    /** A new random cluster id. */
    public static Bytes newClusterId(SecureRandom random) {
        byte[] id = new byte[CLUSTER_ID_BYTES];
        random.nextBytes(id);
        return Bytes.wrap(id);
    }

    /** Reads a configuration in YAML; throws {@link ConfigException} that names the file and what is wrong in it. */
    public static ClusterConfig load(Path file) throws IOException {
        return ClusterConfigYaml.load(file);
    }

    /** The configuration in YAML, with comments that explain it. */
    public String toYaml() {
        return ClusterConfigYaml.write(this);
    }
}
