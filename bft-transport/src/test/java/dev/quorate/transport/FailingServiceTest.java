package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.InvocationException;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaListener;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services that fail, or hang, in a cluster of real replicas. */
@Timeout(120)
class FailingServiceTest {
    private static final int VICTIM = 3;
    private static final long FATAL = 13;
    private static final long ENDLESS = 17;

    private final List<Replica> replicas = new ArrayList<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private LocalCluster cluster;
    private BftClient client;

    @BeforeEach
    void start() throws IOException {
        cluster = LocalCluster.of(4, 1, Limits.defaults().with(Limit.CLIENT_TIMEOUT, 60_000));
        for (int id = 0; id < 4; id++) {
            Replica.Builder builder = cluster.builder(id);
            if (id == VICTIM) {
                builder = builder.service(new Failing()).listener(new ReplicaListener() {
                    @Override
                    public void stopped() {
                        stopped.countDown();
                    }
                });
            }
            replicas.add(builder.start());
        }
        client = cluster.connect(0);
    }

    @AfterEach
    void close() {
        released.countDown();
        client.close();
        replicas.forEach(Replica::close);
    }

    private static ConditionFactory eventually() {
        return await().atMost(60, TimeUnit.SECONDS);
    }

    private void add(long number, long sum) {
        assertThat(Counter.sum(client.invoke(Counter.add(number)).join())).isEqualTo(sum);
    }

    @Test
    @DisplayName("L7 an exception is an error reply, and the state goes on as it was")
    void l7AnExceptionIsAnErrorReply() {
        add(1, 1);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> client.invoke(new byte[3]).join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            InvocationException.class,
                            e -> assertThat(e.reason()).isEqualTo(InvocationException.Reason.SERVICE_FAILED));
        }
        add(1, 2);
        assertThat(replicas).allMatch(Replica::isRunning);
    }

    @Test
    @DisplayName("L7 an Error stops the replica that gets it, and nobody else")
    void l7AnErrorStopsTheReplica() throws InterruptedException {
        add(1, 1);
        add(FATAL, 14);
        assertThat(stopped.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(replicas.get(VICTIM).isRunning()).isFalse();
        add(1, 15);
        assertThat(replicas.subList(0, VICTIM)).allMatch(Replica::isRunning);
    }

    @Test
    @DisplayName("L7 a service that hangs holds up nobody else, and not its replica's protocol")
    void l7AHangingServiceHoldsUpNobody() throws InterruptedException {
        add(ENDLESS, 17);
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        Replica hanging = replicas.get(VICTIM);
        for (int i = 1; i <= 10; i++) {
            add(1, 17 + i);
        }
        eventually().until(() -> hanging.status().ordered().value() >= 11);
        assertThat(hanging.status().executed().value()).isZero();

        // Its vote is needed: without the primary there are no more than a quorum.
        replicas.get(0).close();
        add(1, 28);
        eventually().until(() -> hanging.status().view().compareTo(View.ZERO) > 0);
        assertThat(hanging.status().executed().value()).isZero();
        assertThat(hanging.isRunning()).isTrue();

        released.countDown();
        eventually()
                .until(() -> hanging.status()
                                .executed()
                                .compareTo(replicas.get(1).status().executed())
                        >= 0);
        add(1, 29);
    }

    /** Counts, and gets stuck or fails at two numbers. */
    private final class Failing implements ReplicatedService {
        private final Counter counter = new Counter();

        @Override
        public byte[] execute(Operation operation) throws InterruptedException {
            if (operation.bytes().length() == Long.BYTES) {
                if (operation.asLong() == FATAL) {
                    throw new StackOverflowError("a test says so");
                } else if (operation.asLong() == ENDLESS) {
                    reached.countDown();
                    released.await();
                }
            }
            return counter.execute(operation);
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            counter.snapshot(out);
        }

        @Override
        public void restore(SnapshotReader in) throws IOException {
            counter.restore(in);
        }
    }
}
