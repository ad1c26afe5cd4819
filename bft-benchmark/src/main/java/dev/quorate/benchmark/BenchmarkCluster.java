package dev.quorate.benchmark;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.SignatureScheme;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** Four replicas and a number of clients with keys of their own: what benchmarks speak in the name of. */
final class BenchmarkCluster {
    private final SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);
    private final List<PrivateKey> replicaKeys = new ArrayList<>();
    private final List<PrivateKey> clientKeys = new ArrayList<>();
    private final ClusterConfig config;

    BenchmarkCluster(int clients) throws InvalidKeyException {
        SecureRandom random = new SecureRandom();
        List<ReplicaInfo> replicas = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            PrivateKey key = scheme.generate(random);
            replicaKeys.add(key);
            replicas.add(new ReplicaInfo(new ReplicaId(i), "localhost", 7000 + i, scheme.publicKey(key)));
        }
        List<ClientInfo> admitted = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            PrivateKey key = scheme.generate(random);
            clientKeys.add(key);
            admitted.add(new ClientInfo(new ClientId(i), scheme.publicKey(key)));
        }
        config = new ClusterConfig(
                ClusterConfig.newClusterId(random),
                Protocol.PBFT,
                scheme.name(),
                replicas,
                admitted,
                Limits.defaults());
    }

    ClusterConfig config() {
        return config;
    }

    Sealer replica(int id) throws InvalidKeyException {
        return new Sealer(config.clusterId(), 0, id, scheme.signer(replicaKeys.get(id)));
    }

    Verified<Request> request(int client, long number, int bytes) throws InvalidKeyException {
        Sealer sealer = new Sealer(config.clusterId(), 0, client, scheme.signer(clientKeys.get(client)));
        return sealer.seal(new Request(new RequestId(new ClientId(client), 1, number), Bytes.wrap(new byte[bytes])));
    }
}
