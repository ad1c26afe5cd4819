package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaListener;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.core.View;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every call that a listener gets, in a scenario that causes it. */
@Timeout(120)
class ListenerTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(60, TimeUnit.SECONDS);
    }

    private Replica start(Replica.Builder builder) throws IOException {
        Replica replica = builder.start();
        open.add(replica);
        return replica;
    }

    private static void add(BftClient client, long number) throws Exception {
        client.invoke(Counter.add(number)).get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatBecomesOfARequestOfCheckpointsAndOfThePrimary() throws Exception {
        LocalCluster cluster = LocalCluster.of(
                4,
                1,
                Limits.defaults()
                        .with(Limit.CLIENT_TIMEOUT, 60_000)
                        .with(Limit.CHECKPOINT_INTERVAL, 1)
                        .with(Limit.WINDOW, 2));
        Replica primary = start(cluster.builder(0));
        // Any of the backups may be the one that only follows the others.
        List<ReplicaId> suspects = new CopyOnWriteArrayList<>();
        ReplicaListener suspicions = new ReplicaListener() {
            @Override
            public void peerSuspected(ReplicaId peer, String reason) {
                suspects.add(peer);
            }
        };
        start(cluster.builder(1).listener(new Words()));
        start(cluster.builder(2).listener(suspicions));
        start(cluster.builder(3).listener(suspicions));
        BftClient client = cluster.connect(0);
        open.add(client);
        add(client, 1);
        // The others may be done with a checkpoint before this replica is.
        eventually().until(() -> heard.containsAll(List.of("stable 1", "executed 0/1 at 1")));
        assertThat(heard).containsSubsequence("ordered 0/1 at 1", "executed 0/1 at 1");
        primary.close();
        add(client, 2);
        eventually().until(() -> heard.contains("executed 0/2 at 2"));
        assertThat(heard)
                .containsSubsequence("left for view 1", "view 1 of replica 1", "replica 1 instead of replica 0")
                .containsSubsequence("received 0/2", "ordered 0/2 at 2", "executed 0/2 at 2");
        eventually().until(() -> suspects.contains(new ReplicaId(0)));
        client.close();
        open.get(1).close();
        assertThat(heard).endsWith("stopped");
    }

    @Test
    void aStateThatDiffersAndItsRepair() throws Exception {
        LocalCluster cluster = LocalCluster.of(
                4,
                1,
                Limits.defaults()
                        .with(Limit.CLIENT_TIMEOUT, 60_000)
                        .with(Limit.CHECKPOINT_INTERVAL, 2)
                        .with(Limit.WINDOW, 4));
        start(cluster.builder(0));
        start(cluster.builder(1));
        start(cluster.builder(2));
        Replica wrong = start(cluster.builder(3).service(new Wrong()).listener(new Words()));
        // Or else the others may reach the checkpoint without it.
        eventually().until(() -> wrong.status().connectedReplicas().size() == 3);
        BftClient client = cluster.connect(0);
        open.add(client);
        add(client, 1);
        add(client, 1);
        eventually().until(() -> heard.stream().anyMatch(words -> words.startsWith("fetched")));
        assertThat(heard).containsSubsequence("diverged at 2", "fetches 2", "fetched 2");
    }

    @Test
    @DisplayName("G3 too many replicas have another state: nothing goes on, and the listener is told who has which")
    void g3TooManyStatesThatDiffer() throws Exception {
        LocalCluster cluster = LocalCluster.of(
                4,
                1,
                Limits.defaults()
                        .with(Limit.CLIENT_TIMEOUT, 1_000)
                        .with(Limit.STATUS_INTERVAL, 10)
                        .with(Limit.IDLE_STATUS_INTERVAL, 10)
                        .with(Limit.CHECKPOINT_INTERVAL, 1)
                        .with(Limit.WINDOW, 2)
                        .with(Limit.MAX_BATCH_REQUESTS, 1));
        Replica right = start(cluster.builder(0).listener(new Words()));
        start(cluster.builder(1));
        start(cluster.builder(2).service(new Wrong()));
        start(cluster.builder(3).service(new Wrong()));
        BftClient client = cluster.connect(0);
        open.add(client);
        for (int i = 0; i < 3; i++) {
            client.invoke(Counter.add(1)).exceptionally(e -> null);
        }
        String stall = "stalls at 1: [replica 0, replica 1] against [replica 2, replica 3]";
        eventually().until(() -> heard.contains(stall));
        assertThat(right.status().executed().value()).isEqualTo(2);
        assertThat(NettyRuntime.metrics(right).checkpointStalls()).isPositive();
        assertThat(heard).noneMatch(words -> words.startsWith("diverged"));
    }

    @Test
    void requestsThatAreNotKeptOrPassedOver() throws Exception {
        LocalCluster cluster = LocalCluster.of(4, 1, Limits.defaults().with(Limit.CLIENT_TIMEOUT, 60_000));
        for (int id = 1; id < 4; id++) {
            start(id == 1 ? cluster.builder(1).listener(new Words()) : cluster.builder(id));
        }
        // The primary is played here: it proposes a session's second request before its first.
        List<TestPeer> primary = new ArrayList<>();
        for (int id = 1; id < 4; id++) {
            TestPeer peer = TestPeer.member(cluster, cluster.port(id), cluster.replica(0), 0);
            open.add(peer);
            primary.add(peer);
        }
        SequenceNumber first = new SequenceNumber(1);
        Verified<PrePrepare> proposal =
                cluster.replicaSealer(0).seal(prePrepare(first, List.of(request(cluster, 2), request(cluster, 1))));
        for (TestPeer peer : primary) {
            peer.send(proposal.frame());
        }
        eventually().until(() -> heard.contains("executed 0/1 at 1"));
        assertThat(heard).contains("passed over 0/2 at 1").doesNotContain("executed 0/2 at 1");

        TestPeer client = TestPeer.member(cluster, cluster.port(1), cluster.client(0), 77);
        open.add(client);
        client.send(request(cluster, 1000).frame());
        eventually().until(() -> heard.contains("dropped 0/1000: " + RejectionReason.QUOTA_EXCEEDED));
    }

    @Test
    void aPrimaryThatSaysTwoThings() throws Exception {
        LocalCluster cluster = LocalCluster.of(4, 1, Limits.defaults().with(Limit.CLIENT_TIMEOUT, 60_000));
        start(cluster.builder(1).listener(new Words()));
        TestPeer primary = TestPeer.member(cluster, cluster.port(1), cluster.replica(0), 0);
        open.add(primary);
        for (long number = 1; number <= 2; number++) {
            PrePrepare proposal = prePrepare(new SequenceNumber(1), List.of(request(cluster, number)));
            primary.send(cluster.replicaSealer(0).seal(proposal).frame());
        }
        eventually().until(() -> heard.contains("suspects replica 0: it signed two things that contradict each other"));
    }

    private static Verified<Request> request(LocalCluster cluster, long number) {
        return cluster.clientSealer(0)
                .seal(new Request(new RequestId(new ClientId(0), 77, number), Bytes.wrap(Counter.add(1))));
    }

    private static PrePrepare prePrepare(SequenceNumber at, List<Verified<Request>> requests) {
        var batch = Batches.of(requests, System.currentTimeMillis(), Bytes.EMPTY, Bytes.EMPTY);
        return new PrePrepare(new ReplicaId(0), View.ZERO, at, batch.digest(), Optional.of(batch));
    }

    @Test
    void aListenerMayCloseItsReplicaAndThrow() throws Exception {
        LocalCluster cluster = LocalCluster.of(1, 1);
        Replica[] replica = new Replica[1];
        replica[0] = start(cluster.builder(0).listener(new ReplicaListener() {
            @Override
            public void requestReceived(RequestKey request) {
                throw new IllegalStateException("a test says so");
            }

            @Override
            public void requestExecuted(RequestKey request, SequenceNumber sequenceNumber) {
                replica[0].close();
            }

            @Override
            public void stopped() {
                heard.add("stopped");
            }
        }));
        BftClient client = cluster.connect(0);
        open.add(client);
        add(client, 1);
        eventually().until(() -> heard.contains("stopped"));
        assertThat(replica[0].isRunning()).isFalse();
    }

    /** Whoever adds one to each number has another state than the others. */
    private static final class Wrong implements ReplicatedService {
        private final Counter counter = new Counter();
        private boolean right;

        @Override
        public byte[] execute(Operation operation) {
            return right ? counter.execute(operation) : Counter.add(-1);
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            counter.snapshot(out);
        }

        @Override
        public void restore(SnapshotReader in) throws IOException {
            right = true;
            counter.restore(in);
        }
    }

    private final class Words implements ReplicaListener {
        private String of(RequestKey request) {
            return request.client().value() + "/" + request.number();
        }

        @Override
        public void requestReceived(RequestKey request) {
            heard.add("received " + of(request));
        }

        @Override
        public void requestOrdered(RequestKey request, SequenceNumber at) {
            heard.add("ordered " + of(request) + " at " + at.value());
        }

        @Override
        public void requestExecuted(RequestKey request, SequenceNumber at) {
            heard.add("executed " + of(request) + " at " + at.value());
        }

        @Override
        public void requestDropped(RequestKey request, RejectionReason reason) {
            heard.add("dropped " + of(request) + ": " + reason);
        }

        @Override
        public void requestPassedOver(RequestKey request, SequenceNumber at) {
            heard.add("passed over " + of(request) + " at " + at.value());
        }

        @Override
        public void viewChangeStarted(View target) {
            heard.add("left for view " + target.number());
        }

        @Override
        public void viewChanged(View view, ReplicaId primary) {
            heard.add("view " + view.number() + " of " + primary);
        }

        @Override
        public void primaryChanged(ReplicaId before, ReplicaId primary) {
            heard.add(primary + " instead of " + before);
        }

        @Override
        public void peerSuspected(ReplicaId peer, String reason) {
            heard.add("suspects " + peer + ": " + reason);
        }

        @Override
        public void checkpointStable(SequenceNumber at) {
            heard.add("stable " + at.value());
        }

        @Override
        public void stateTransferStarted(SequenceNumber target) {
            heard.add("fetches " + target.value());
        }

        @Override
        public void stateTransferFinished(SequenceNumber target, long bytes, Duration duration) {
            assertThat(bytes).isGreaterThan(Long.BYTES);
            assertThat(duration).isPositive();
            heard.add("fetched " + target.value());
        }

        @Override
        public void checkpointsStall(SequenceNumber at, Set<ReplicaId> agreeing, Set<ReplicaId> differing) {
            heard.add("stalls at " + at.value() + ": " + agreeing + " against " + differing);
        }

        @Override
        public void diverged(SequenceNumber at) {
            heard.add("diverged at " + at.value());
        }

        @Override
        public void stopped() {
            heard.add("stopped");
        }
    }
}
