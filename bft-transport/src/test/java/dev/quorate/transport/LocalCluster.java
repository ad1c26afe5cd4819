package dev.quorate.transport;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** The configuration of a cluster on this machine's loopback address, with all of its keys. */
public final class LocalCluster {
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClusterConfig config;
    private final List<Identity> replicas;
    private final List<Identity> clients;

    private LocalCluster(ClusterConfig config, List<Identity> replicas, List<Identity> clients) {
        this.config = config;
        this.replicas = replicas;
        this.clients = clients;
    }

    public static LocalCluster of(int replicas, int clients) throws IOException {
        return of(replicas, clients, Limits.defaults());
    }

    /** A new cluster with ports that are free now. */
    public static LocalCluster of(int replicas, int clients, Limits limits) throws IOException {
        return of(replicas, clients, limits, false);
    }

    /** A new cluster with fast reads. */
    public static LocalCluster withFastReads(int replicas, int clients) throws IOException {
        return of(replicas, clients, Limits.defaults(), true);
    }

    private static LocalCluster of(int replicas, int clients, Limits limits, boolean fastReads) throws IOException {
        List<Identity> replicaKeys = newIdentities(replicas);
        List<Identity> clientKeys = newIdentities(clients);
        int[] ports = freePorts(replicas);
        List<ReplicaInfo> replicaInfos = new ArrayList<>();
        for (int id = 0; id < replicas; id++) {
            replicaInfos.add(
                    new ReplicaInfo(new ReplicaId(id), "127.0.0.1", ports[id], publicKey(replicaKeys.get(id))));
        }
        List<ClientInfo> clientInfos = new ArrayList<>();
        for (int id = 0; id < clients; id++) {
            clientInfos.add(new ClientInfo(new ClientId(id), publicKey(clientKeys.get(id))));
        }
        ClusterConfig config = new ClusterConfig(
                ClusterConfig.newClusterId(RANDOM),
                Protocol.PBFT,
                SignatureScheme.DEFAULT,
                replicaInfos,
                clientInfos,
                limits,
                fastReads);
        return new LocalCluster(config, replicaKeys, clientKeys);
    }

    /** The same members and keys under another cluster id. */
    public LocalCluster withOtherClusterId() {
        ClusterConfig other = new ClusterConfig(
                ClusterConfig.newClusterId(RANDOM),
                config.protocol(),
                config.signatureScheme(),
                config.replicas(),
                config.clients(),
                config.limits());
        return new LocalCluster(other, replicas, clients);
    }

    public static Identity newIdentity() {
        return new Identity(SCHEME.generate(RANDOM));
    }

    private static List<Identity> newIdentities(int count) {
        List<Identity> identities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            identities.add(newIdentity());
        }
        return identities;
    }

    private static PublicKey publicKey(Identity identity) {
        return publicKey(identity.key());
    }

    private static PublicKey publicKey(PrivateKey key) {
        try {
            return SCHEME.publicKey(key);
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        int[] ports = new int[count];
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports[i] = socket.getLocalPort();
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    public ClusterConfig config() {
        return config;
    }

    public Identity replica(int id) {
        return replicas.get(id);
    }

    public Identity client(int id) {
        return clients.get(id);
    }

    public int port(int replica) {
        return config.replicas().get(replica).port();
    }

    public Replica start(int id) throws IOException {
        return builder(id).start();
    }

    /** A replica that counts, to be told more before it starts. */
    public Replica.Builder builder(int id) {
        return Replica.builder().cluster(config).identity(replica(id)).service(new Counter());
    }

    public BftClient connect(int client) {
        return BftClient.connect(config, client(client));
    }

    public Sealer replicaSealer(int id) {
        return sealer(id, replica(id));
    }

    public Sealer clientSealer(int id) {
        return sealer(id, client(id));
    }

    private Sealer sealer(int id, Identity identity) {
        try {
            return new Sealer(config.clusterId(), 0, id, SCHEME.signer(identity.key()));
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    public Bytes clusterId() {
        return config.clusterId();
    }
}
