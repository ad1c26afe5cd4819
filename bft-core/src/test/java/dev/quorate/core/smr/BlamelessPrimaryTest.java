package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.pbft.LoopbackCluster;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All replicas are correct, and the network is timely: whatever a client does, and in whatever order its requests come,
 * nobody has a reason to suspect the primary. Each client may have two sessions.
 */
class BlamelessPrimaryTest {
    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("nobody blames the primary for a request of a session that has been evicted")
    void whatWaitsOfAnEvictedSessionIsForgotten(Protocol protocol) {
        TestCluster keys = keys(protocol);
        LoopbackCluster cluster = new LoopbackCluster(keys);
        for (long session = 1; session <= 2; session++) {
            cluster.deliver(0, request(keys, session, 1));
            cluster.run();
        }
        // Two backups get the next one of session 1; before the primary does, session 3 evicts it.
        cluster.lose((from, to, message) -> message.type() == MessageType.REQUEST);
        cluster.deliver(1, request(keys, 1, 2));
        cluster.deliver(2, request(keys, 1, 2));
        cluster.deliver(0, request(keys, 3, 1));
        cluster.run();
        cluster.lose((from, to, message) -> false);
        assertThat(cluster.executed(0)).containsExactly("1#1", "2#1", "3#1");
        assertThat(cluster.status(1).pendingRequests()).isZero();
        work(cluster, 60);
        assertNobodyBlamesThePrimary(cluster);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("sessions whose first requests never come take no room from those that can be ordered")
    void sessionsWithGapsTakeNoRoom(Protocol protocol) {
        TestCluster keys = keys(protocol);
        LoopbackCluster cluster = new LoopbackCluster(keys);
        // The primary gets the second request of each, the backups what is left for it to do.
        cluster.deliver(0, request(keys, 10, 2));
        cluster.deliver(0, request(keys, 11, 2));
        for (int backup = 1; backup < 4; backup++) {
            cluster.deliver(backup, request(keys, 9, 1));
        }
        cluster.run();
        work(cluster, 20);
        assertThat(cluster.executed(3)).contains("9#1");
        assertNobodyBlamesThePrimary(cluster);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @DisplayName("P6 a client that sends its second request before its first waits for itself, not for the primary")
    void p6AClientThatWaitsForItself(Protocol protocol) {
        TestCluster keys = keys(protocol);
        LoopbackCluster cluster = new LoopbackCluster(keys);
        Clock clock = new Clock(cluster);
        // Two periods with load, in which nothing has to wait.
        long number = 0;
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 5; j++) {
                sendToAll(cluster, request(keys, 1, ++number));
                cluster.run();
            }
            clock.advance(1);
        }
        // Then in each period two requests, the later one first.
        for (int period = 0; period < 6; period++) {
            sendToAll(cluster, request(keys, 1, number + 2));
            clock.advance(8);
            sendToAll(cluster, request(keys, 1, number + 1));
            cluster.run();
            clock.advance(2);
            number += 2;
        }
        assertThat(cluster.executed(3)).hasSize((int) number);
        assertNobodyBlamesThePrimary(cluster);
    }

    private static void sendToAll(LoopbackCluster cluster, Verified<Request> request) {
        for (int replica = 0; replica < 4; replica++) {
            cluster.deliver(replica, request);
        }
    }

    /** The time of all replicas. */
    private static final class Clock {
        private static final long INTERVAL_MILLIS = Limits.defaults().get(Limit.STATUS_INTERVAL);

        private final LoopbackCluster cluster;
        private long now;

        private Clock(LoopbackCluster cluster) {
            this.cluster = cluster;
        }

        /** So many status intervals pass. */
        private void advance(int intervals) {
            for (int i = 0; i < intervals; i++) {
                now += INTERVAL_MILLIS;
                for (int replica = 0; replica < 4; replica++) {
                    cluster.clock(replica, now);
                }
                cluster.tick(1);
            }
        }
    }

    /** For that many status intervals another client has its requests ordered. */
    private static void work(LoopbackCluster cluster, int intervals) {
        for (int i = 0; i < intervals; i++) {
            cluster.request(1, "work", 0);
            cluster.run();
            cluster.tick(1);
        }
    }

    private static void assertNobodyBlamesThePrimary(LoopbackCluster cluster) {
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
        assertThat(cluster.status(3).view()).isEqualTo(View.ZERO);
    }

    private static TestCluster keys(Protocol protocol) {
        return TestCluster.of(protocol, 4, 2, Limits.defaults().with(Limit.SESSIONS_PER_CLIENT, 2));
    }

    private static Verified<Request> request(TestCluster keys, long session, long number) {
        byte[] operation = (session + "#" + number).getBytes(StandardCharsets.UTF_8);
        return keys.clientSealer(0)
                .seal(new Request(new RequestId(new ClientId(0), session, number), Bytes.wrap(operation)));
    }
}
