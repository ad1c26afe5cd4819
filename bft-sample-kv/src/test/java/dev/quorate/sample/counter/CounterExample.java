package dev.quorate.sample.counter;

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
import dev.quorate.crypto.PrivateKey;
import dev.quorate.crypto.SignatureScheme;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Four replicas of {@link Counter} and a client, all in this process: the whole of Quorate on one page. In earnest each
 * replica has a machine of its own, and loads its configuration and its key from files ({@link ClusterConfig#load},
 * {@link Identity#load}).
 */
public final class CounterExample {
    private CounterExample() {}

    /** Adds 1, 2 and 3 to a counter on four replicas that listen on these ports; returns what the client was told. */
    static long run(List<Integer> ports) throws Exception {
        // tag::cluster[]
        SignatureScheme scheme = SignatureScheme.named(SignatureScheme.DEFAULT);
        SecureRandom random = new SecureRandom();
        List<Identity> identities = new ArrayList<>();
        List<ReplicaInfo> members = new ArrayList<>();
        for (int id = 0; id < ports.size(); id++) {
            PrivateKey key = scheme.generate(random);
            identities.add(new Identity(key));
            members.add(new ReplicaInfo(new ReplicaId(id), "127.0.0.1", ports.get(id), scheme.publicKey(key)));
        }
        PrivateKey clientKey = scheme.generate(random);
        ClientInfo admitted = new ClientInfo(new ClientId(0), scheme.publicKey(clientKey));
        ClusterConfig cluster = new ClusterConfig(
                ClusterConfig.newClusterId(random),
                Protocol.PBFT,
                scheme.name(),
                members,
                List.of(admitted),
                Limits.defaults());
        // end::cluster[]

        List<Replica> replicas = new ArrayList<>();
        try {
            // tag::replica[]
            for (Identity identity : identities) {
                replicas.add(Replica.builder()
                        .cluster(cluster)
                        .identity(identity)
                        .service(new Counter())
                        .start());
            }
            // end::replica[]

            // tag::client[]
            long value = 0;
            try (BftClient client = BftClient.connect(cluster, new Identity(clientKey))) {
                for (long addend = 1; addend <= 3; addend++) {
                    byte[] operation =
                            ByteBuffer.allocate(Long.BYTES).putLong(addend).array();
                    byte[] result = client.invoke(operation).get(10, TimeUnit.SECONDS);
                    value = ByteBuffer.wrap(result).getLong();
                }
            }
            return value;
            // end::client[]
        } finally {
            replicas.forEach(Replica::close);
        }
    }

    /** Runs the example on ports 18000 to 18003. */
    public static void main(String[] args) throws Exception {
        System.out.println("The counter is " + run(List.of(18_000, 18_001, 18_002, 18_003)));
    }
}
