package dev.quorate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.BftClient;
import dev.quorate.core.InvocationException;
import dev.quorate.core.InvocationException.Reason;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client's side of things. */
@Timeout(120)
class ClientTest {
    private final List<Replica> replicas = new ArrayList<>();

    private LocalCluster started(int clients, Limits limits) throws IOException {
        LocalCluster cluster = LocalCluster.of(4, clients, limits);
        for (int id = 0; id < 4; id++) {
            replicas.add(cluster.start(id));
        }
        return cluster;
    }

    @AfterEach
    void close() {
        replicas.forEach(Replica::close);
    }

    private static void assertFails(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(InvocationException.class)
                .extracting(e -> ((InvocationException) e).reason())
                .isEqualTo(reason);
    }

    @Test
    void theFirstRequestsOfNewClientsNeedNoRetransmission() throws IOException {
        // Longer than the test may take.
        LocalCluster cluster = started(32, Limits.defaults().with(Limit.CLIENT_RETRY, 600_000));
        List<BftClient> clients = new ArrayList<>();
        List<CompletableFuture<byte[]>> results = new ArrayList<>();
        for (int id = 0; id < 32; id++) {
            BftClient client = cluster.connect(id);
            clients.add(client);
            results.add(client.invoke(Counter.add(1)));
            results.add(client.invoke(Counter.add(1)));
        }
        assertThat(results.stream().map(result -> Counter.sum(result.join())).sorted())
                .hasSize(64)
                .doesNotHaveDuplicates()
                .endsWith(64L);
        clients.forEach(BftClient::close);
    }

    @Test
    void clientsOfOneIdentityHaveSessionsOfTheirOwn() throws IOException {
        LocalCluster cluster = started(1, Limits.defaults().with(Limit.CLIENT_RETRY, 600_000));
        try (BftClient first = cluster.connect(0);
                BftClient second = cluster.connect(0)) {
            for (int round = 0; round < 20; round++) {
                CompletableFuture<byte[]> one = first.invoke(Counter.add(1));
                CompletableFuture<byte[]> other = second.invoke(Counter.add(1));
                assertThat(Counter.sum(one.join()) + Counter.sum(other.join())).isEqualTo(4L * round + 3);
            }
        }
    }

    @Test
    void aClientThatWasThereBeforeTheReplicasIsServedOnceTheyCome() throws IOException {
        LocalCluster cluster = LocalCluster.of(4, 1, Limits.defaults().with(Limit.CLIENT_RETRY, 600_000));
        try (BftClient client = cluster.connect(0)) {
            CompletableFuture<byte[]> result = client.invoke(Counter.add(7));
            for (int id = 0; id < 4; id++) {
                replicas.add(cluster.start(id));
            }
            assertThat(Counter.sum(result.join())).isEqualTo(7);
        }
    }

    @Test
    void closeFailsWhatIsUnderWayAndWhatComesLater() throws IOException {
        LocalCluster cluster = LocalCluster.of(4, 1);
        BftClient client = cluster.connect(0);
        CompletableFuture<byte[]> underWay = client.invoke(new byte[0]);
        var inspections = client.inspect();
        client.close();
        assertFails(underWay::join, Reason.CLOSED);
        inspections.values().forEach(answer -> assertFails(answer::join, Reason.CLOSED));
        assertFails(() -> client.invoke(new byte[0]).join(), Reason.CLOSED);
        client.inspect().values().forEach(answer -> assertFails(answer::join, Reason.CLOSED));
    }

    @Test
    void closeMayBeCalledWhereAResultIsCompleted() throws Exception {
        LocalCluster cluster = started(1, Limits.defaults());
        BftClient client = cluster.connect(0);
        client.invoke(Counter.add(1)).thenRun(client::close).get(30, TimeUnit.SECONDS);
        assertFails(() -> client.invoke(Counter.add(1)).join(), Reason.CLOSED);
    }

    @Test
    void inspectionOfAReplicaThatIsNotThereTimesOut() throws IOException {
        LocalCluster cluster = LocalCluster.of(4, 1);
        replicas.add(cluster.start(2));
        try (BftClient client = cluster.connect(0)) {
            var answers = client.inspect();
            assertThat(answers.get(new ReplicaId(2)).join().replica()).isEqualTo(new ReplicaId(2));
            assertFails(() -> answers.get(new ReplicaId(0)).join(), Reason.TIMEOUT);
        }
    }

    @Test
    void invocationTimesOutWithoutAQuorum() throws IOException {
        LocalCluster cluster = LocalCluster.of(
                4, 1, Limits.defaults().with(Limit.CLIENT_RETRY, 50).with(Limit.CLIENT_TIMEOUT, 100));
        try (BftClient client = cluster.connect(0)) {
            assertFails(() -> client.invoke(Counter.add(1)).join(), Reason.TIMEOUT);
        }
    }

    @Test
    void theOperationLimitHoldsToTheByte() throws IOException {
        LocalCluster cluster = started(1, Limits.defaults().with(Limit.MAX_OPERATION_BYTES, 8));
        try (BftClient client = cluster.connect(0)) {
            assertThat(Counter.sum(client.invoke(Counter.add(3)).join())).isEqualTo(3);
            assertThatThrownBy(() -> client.invoke(new byte[9]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("maxOperationBytes");
        }
    }

    @Test
    void aServiceThatThrowsIsReportedAsSuch() throws IOException {
        LocalCluster cluster = started(1, Limits.defaults());
        try (BftClient client = cluster.connect(0)) {
            // Not the 8 bytes that the counter takes.
            assertFails(() -> client.invoke(new byte[1]).join(), Reason.SERVICE_FAILED);
            assertThat(Counter.sum(client.invoke(Counter.add(3)).join())).isEqualTo(3);
        }
    }

    @Test
    void tooManyWaitingInvocationsAreRefused() throws IOException {
        LocalCluster cluster = LocalCluster.of(4, 1, Limits.defaults().with(Limit.REQUESTS_PER_SESSION, 1));
        try (BftClient client = cluster.connect(0)) {
            List<CompletableFuture<byte[]>> waiting = new ArrayList<>();
            for (int i = 0; i < 65; i++) {
                waiting.add(client.invoke(Counter.add(1)));
            }
            assertFails(() -> client.invoke(Counter.add(1)).join(), Reason.OVERLOADED);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
        }
    }
}
