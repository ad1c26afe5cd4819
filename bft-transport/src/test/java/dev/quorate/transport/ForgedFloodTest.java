package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.Replica;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.proto.Wire;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster at which a client throws what it cannot have signed. */
@Timeout(120)
class ForgedFloodTest {
    private static final int OPERATIONS = 100;
    private static final int FORGED = 500;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    @DisplayName("X5 a flood of bad signatures holds up nobody else")
    void x5AFloodOfBadSignatures() throws Exception {
        LocalCluster cluster = LocalCluster.of(4, 2, Limits.defaults().with(Limit.CLIENT_TIMEOUT, 60_000));
        List<Replica> replicas = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            replicas.add(cluster.start(id));
            open.add(0, replicas.get(id));
        }
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> floods = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            TestPeer peer = TestPeer.member(cluster, cluster.port(id), cluster.client(1), 1);
            open.add(0, peer);
            floods.add(new Thread(() -> flood(cluster, peer, enough)));
        }
        floods.forEach(Thread::start);
        try (BftClient client = cluster.connect(0)) {
            for (int i = 1; i <= OPERATIONS || !allHaveRejected(replicas); i++) {
                assertThat(Counter.sum(client.invoke(Counter.add(1)).get(60, TimeUnit.SECONDS)))
                        .isEqualTo(i);
            }
        } finally {
            enough.set(true);
        }
        for (Thread flood : floods) {
            flood.join();
        }
        assertThat(replicas).allMatch(Replica::isRunning);
    }

    private static boolean allHaveRejected(List<Replica> replicas) {
        return replicas.stream()
                .allMatch(replica ->
                        NettyRuntime.metrics(replica).rejections().get(RejectionReason.BAD_SIGNATURE) >= FORGED);
    }

    /** As fast as the replica takes it. */
    private static void flood(LocalCluster cluster, TestPeer peer, AtomicBoolean enough) {
        try {
            for (long number = 1; !enough.get(); number++) {
                peer.send(forged(cluster, number));
            }
        } catch (IOException e) {
            // The replica may have had enough of it.
        }
    }

    private static Bytes forged(LocalCluster cluster, long number) throws InvalidProtocolBufferException {
        Request request = new Request(new RequestId(new ClientId(1), 1, number), Bytes.wrap(Counter.add(1_000)));
        Wire.Envelope sealed = Wire.Envelope.parseFrom(
                cluster.clientSealer(1).seal(request).frame().toArray());
        byte[] signature = sealed.getSignature().toByteArray();
        signature[3] ^= 1;
        return Bytes.wrap(sealed.toBuilder()
                .setSignature(ByteString.copyFrom(signature))
                .build()
                .toByteArray());
    }
}
