package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.metrics.ReplicaMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster of which one replica and one client never read what they are sent. */
@Timeout(120)
class DeafPeersTest {
    /** It connects to all others; as the primary of the first view it gets replaced before the test begins. */
    private static final int DEAF = 0;

    private static final int LARGE_BYTES = 512 << 10;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    @DisplayName("N11 a replica and a client that never read slow nobody down")
    void n11WhoNeverReadsSlowsNobodyDown() throws Exception {
        LocalCluster cluster = LocalCluster.of(
                4,
                2,
                Limits.defaults()
                        .with(Limit.CLIENT_TIMEOUT, 60_000)
                        // So that little fits into a queue.
                        .with(Limit.MAX_BATCH_REQUESTS, 4)
                        // So that each replica sends the whole of each result.
                        .with(Limit.WHOLE_REPLY_BYTES, LARGE_BYTES));
        List<Replica> replicas = new ArrayList<>();
        List<TestPeer> deafClient = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            Replica replica = cluster.builder(id).service(new Talker()).start();
            replicas.add(replica);
            open.add(0, replica);
        }
        for (int id = 1; id <= 3; id++) {
            open.add(0, TestPeer.member(cluster, cluster.port(id), cluster.replica(DEAF), 0));
            TestPeer connection = TestPeer.member(cluster, cluster.port(id), cluster.client(1), 1);
            deafClient.add(connection);
            open.add(0, connection);
        }
        for (Replica replica : replicas) {
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> replica.status().connectedReplicas().contains(new ReplicaId(DEAF)));
        }
        BftClient client = cluster.connect(0);
        open.add(0, client);
        client.invoke(new byte[1]).get(60, TimeUnit.SECONDS);
        Bytes request = cluster.clientSealer(1)
                .seal(new Request(new RequestId(new ClientId(1), 1, 1), Bytes.wrap(new byte[1])))
                .frame();
        deafClient.get(0).send(request);

        // Each is completed before the next is asked for: whoever waited for those two would show.
        int rounds = 0;
        while (replicas.stream().anyMatch(replica -> dropped(replica) == 0)) {
            client.invoke(new byte[1]).get(60, TimeUnit.SECONDS);
            for (TestPeer connection : deafClient) {
                connection.send(request); // Is answered again each time.
            }
            rounds++;
        }
        byte[] large = new byte[LARGE_BYTES];
        for (int i = 0; i < 10; i++) {
            client.invoke(large).get(60, TimeUnit.SECONDS);
        }
        assertThat(rounds).isPositive();
        assertThat(replicas).allMatch(Replica::isRunning);
    }

    private static long dropped(Replica replica) {
        ReplicaMetrics metrics = NettyRuntime.metrics(replica);
        return metrics.framesDropped();
    }

    /** Gives the one who does not listen much to read. */
    private static final class Talker implements ReplicatedService {
        @Override
        public byte[] execute(Operation operation) {
            return new byte[operation.client().value() == 1 ? LARGE_BYTES : 1];
        }

        @Override
        public void snapshot(SnapshotWriter out) {}

        @Override
        public void restore(SnapshotReader in) {}
    }
}
