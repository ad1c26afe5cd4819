package dev.quorate.simulator.trace;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.Protocol;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Four real replicas and a client over real sockets, in this process. */
final class RealCluster {
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<Identity> replicas;
    private final Identity client;
    private final ClusterConfig config;

    private RealCluster(List<Identity> replicas, Identity client, ClusterConfig config) {
        this.replicas = replicas;
        this.client = client;
        this.config = config;
    }

    static RealCluster of(int n, Limits limits) throws IOException, InvalidKeyException {
        List<Identity> identities = new ArrayList<>();
        List<ReplicaInfo> members = new ArrayList<>();
        List<ServerSocket> sockets = new ArrayList<>();
        for (int id = 0; id < n; id++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            identities.add(new Identity(SCHEME.generate(RANDOM)));
            members.add(new ReplicaInfo(
                    new ReplicaId(id), "127.0.0.1", socket.getLocalPort(), publicKey(identities.get(id))));
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        Identity client = new Identity(SCHEME.generate(RANDOM));
        ClusterConfig config = new ClusterConfig(
                ClusterConfig.newClusterId(RANDOM),
                Protocol.PBFT,
                SCHEME.name(),
                members,
                List.of(new ClientInfo(new ClientId(0), publicKey(client))),
                limits);
        return new RealCluster(identities, client, config);
    }

    private static PublicKey publicKey(Identity identity) throws InvalidKeyException {
        return SCHEME.publicKey(identity.key());
    }

    ClusterConfig config() {
        return config;
    }

    Replica start(int id, ReplicaObserver observer) throws IOException {
        return Replica.builder()
                .cluster(config)
                .identity(replicas.get(id))
                .service(new Echo())
                .observer(observer)
                .start();
    }

    Sealer sealer(int replica) throws InvalidKeyException {
        return new Sealer(
                config.clusterId(),
                0,
                replica,
                SCHEME.signer(replicas.get(replica).key()));
    }

    BftClient connect() {
        return BftClient.connect(config, client);
    }

    private static final class Echo implements ReplicatedService {
        @Override
        public byte[] execute(Operation operation) {
            return operation.toByteArray();
        }

        @Override
        public void snapshot(SnapshotWriter out) {}

        @Override
        public void restore(SnapshotReader in) {}
    }
}
