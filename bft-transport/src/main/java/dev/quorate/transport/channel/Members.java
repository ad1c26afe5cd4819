package dev.quorate.transport.channel;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ClientInfo;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Who may be at the other end of a channel, by public key. Immutable. */
public final class Members {
    private final Map<Bytes, Peer> byKey;

    private Members(Map<Bytes, Peer> byKey) {
        this.byKey = byKey;
    }

    /** Those whom a replica talks to: replicas and clients. */
    public static Members of(ClusterConfig config) {
        Map<Bytes, Peer> byKey = replicaKeys(config);
        for (ClientInfo client : config.clients()) {
            byKey.put(client.key().encoded(), new Peer.OfClient(client.id()));
        }
        return new Members(byKey);
    }

    /** Those whom a client talks to. */
    public static Members replicasOf(ClusterConfig config) {
        return new Members(replicaKeys(config));
    }

    private static Map<Bytes, Peer> replicaKeys(ClusterConfig config) {
        Map<Bytes, Peer> byKey = new HashMap<>();
        for (ReplicaInfo replica : config.replicas()) {
            byKey.put(replica.key().encoded(), new Peer.OfReplica(replica.id()));
        }
        return byKey;
    }

    /** Whose key the certificate holds; empty if it is nobody's. Nothing else in a certificate matters. */
    public Optional<Peer> owner(Certificate certificate) {
        return KeyCertificate.ed25519Key(certificate).map(byKey::get);
    }
}
