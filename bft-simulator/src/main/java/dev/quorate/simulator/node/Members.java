package dev.quorate.simulator.node;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.PublicKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.kernel.SeededSecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster's configuration and everybody's keys, all of it from the seed.
 *
 * @param replicas the identity of each replica, by id
 * @param clients the identity of each client, by id
 */
public record Members(ClusterConfig config, List<Identity> replicas, List<Identity> clients) {
    public Members {
        replicas = List.copyOf(replicas);
        clients = List.copyOf(clients);
    }

    /** Makes the keys and the configuration of a cluster. */
    public static Members create(
            Seed seed, Protocol protocol, String signatureScheme, int replicas, int clients, Limits limits) {
        return create(seed, protocol, signatureScheme, replicas, clients, limits, false);
    }

    /** The same, with or without fast reads. */
    public static Members create(
            Seed seed,
            Protocol protocol,
            String signatureScheme,
            int replicas,
            int clients,
            Limits limits,
            boolean fastReads) {
        SignatureScheme scheme = SignatureScheme.named(signatureScheme);
        SeededSecureRandom random = new SeededSecureRandom(seed.stream("keys"));
        List<Identity> replicaIdentities = new ArrayList<>();
        List<ReplicaInfo> replicaInfos = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            PrivateKey key = scheme.generate(random);
            replicaIdentities.add(new Identity(key));
            replicaInfos.add(new ReplicaInfo(new ReplicaId(i), "simulated", 1 + i, publicKey(scheme, key)));
        }
        List<Identity> clientIdentities = new ArrayList<>();
        List<ClientInfo> clientInfos = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            PrivateKey key = scheme.generate(random);
            clientIdentities.add(new Identity(key));
            clientInfos.add(new ClientInfo(new ClientId(i), publicKey(scheme, key)));
        }
        ClusterConfig config = new ClusterConfig(
                ClusterConfig.newClusterId(random),
                protocol,
                signatureScheme,
                replicaInfos,
                clientInfos,
                limits,
                fastReads);
        return new Members(config, replicaIdentities, clientIdentities);
    }

    private static PublicKey publicKey(SignatureScheme scheme, PrivateKey key) {
        try {
            return scheme.publicKey(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the scheme made this key itself", e);
        }
    }
}
