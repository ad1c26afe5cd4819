package dev.quorate.core;

import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.UiDrafts;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.InvalidKeyException;
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.usig.Usig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cluster's configuration and all of its keys, for tests: the same at every run. */
public final class TestCluster {
    private static final SignatureScheme SCHEME = SignatureScheme.named(SignatureScheme.DEFAULT);

    private final ClusterConfig config;

    private TestCluster(ClusterConfig config) {
        this.config = config;
    }

    public static TestCluster of(Protocol protocol, int replicas, int clients, Limits limits) {
        return of(protocol, replicas, clients, limits, false);
    }

    public static TestCluster of(Protocol protocol, int replicas, int clients, Limits limits, boolean fastReads) {
        List<ClusterConfig.ReplicaInfo> replicaInfos = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            replicaInfos.add(new ClusterConfig.ReplicaInfo(new ReplicaId(i), "localhost", 7000 + i, publicKey(key(i))));
        }
        List<ClusterConfig.ClientInfo> clientInfos = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            clientInfos.add(new ClusterConfig.ClientInfo(new ClientId(i), publicKey(key(1000 + i))));
        }
        Bytes clusterId = Bytes.copyOf(new byte[ClusterConfig.CLUSTER_ID_BYTES]);
        return new TestCluster(new ClusterConfig(
                clusterId, protocol, SignatureScheme.DEFAULT, replicaInfos, clientInfos, limits, fastReads));
    }

    public static TestCluster pbft(int replicas) {
        return of(Protocol.PBFT, replicas, 4, Limits.defaults());
    }

    public ClusterConfig config() {
        return config;
    }

    public Identity replica(int id) {
        return new Identity(key(id));
    }

    public Identity client(int id) {
        return new Identity(key(1000 + id));
    }

    public Sealer replicaSealer(int id) {
        return sealer(id, key(id));
    }

    /** Of a replica with that USIG. */
    public Sealer replicaSealer(int id, Usig usig) {
        return sealer(id, key(id), usig);
    }

    /** Of a replica that notes what its USIG certifies. */
    public Sealer draftingSealer(int id) {
        return sealer(id, key(id), TestUsigs.of(id), draft -> {});
    }

    public Sealer clientSealer(int id) {
        return sealer(id, key(1000 + id));
    }

    private Sealer sealer(int id, PrivateKey key) {
        return sealer(id, key, TestUsigs.of(id));
    }

    private Sealer sealer(int id, PrivateKey key, Usig usig) {
        return sealer(id, key, usig, UiDrafts.NONE);
    }

    private Sealer sealer(int id, PrivateKey key, Usig usig, UiDrafts drafts) {
        try {
            return new Sealer(config.clusterId(), 0, id, SCHEME.signer(key), Optional.of(usig), drafts);
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    private static PrivateKey key(int number) {
        byte[] seed = new byte[32];
        seed[0] = (byte) number;
        seed[1] = (byte) (number >> 8);
        return new PrivateKey(SignatureScheme.DEFAULT, Bytes.wrap(seed));
    }

    private static dev.quorate.crypto.PublicKey publicKey(PrivateKey key) {
        try {
            return SCHEME.publicKey(key);
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }
}
