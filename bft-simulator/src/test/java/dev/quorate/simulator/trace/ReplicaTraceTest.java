package dev.quorate.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quorate.core.BftClient;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Replica;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.trace.TraceEvent.MessageStep;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import dev.quorate.simulator.trace.TraceEvent.OfMessage;
import dev.quorate.simulator.trace.TraceEvent.OfNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real replicas over real sockets become a page. */
@Timeout(120)
class ReplicaTraceTest {
    private final BoundedTrace recorder = new BoundedTrace(100_000);
    private final List<Replica> replicas = new ArrayList<>();

    private Trace trace() {
        return recorder.trace("Four real replicas", Map.of("where", "this process"));
    }

    private Stream<OfNode> steps(NodeStep step) {
        return trace().events().stream()
                .filter(OfNode.class::isInstance)
                .map(OfNode.class::cast)
                .filter(event -> event.step() == step);
    }

    private static void invoke(BftClient client, String operation) throws Exception {
        client.invoke(operation.getBytes(StandardCharsets.UTF_8)).get(30, TimeUnit.SECONDS);
    }

    @Test
    void aPageShowsMessagesExecutionsAndAViewChange(@TempDir Path dir) throws Exception {
        RealCluster cluster = RealCluster.of(
                4, Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 2).with(Limit.WINDOW, 4));
        ReplicaTrace observer = new ReplicaTrace(cluster.config(), recorder);
        try (BftClient client = cluster.connect()) {
            for (int id = 0; id < 4; id++) {
                replicas.add(cluster.start(id, observer));
            }
            for (int i = 0; i < 3; i++) {
                invoke(client, "operation " + i);
            }
            replicas.get(0).close();
            invoke(client, "without the first primary");
            await().until(() -> steps(NodeStep.EXECUTED)
                            .filter(event -> event.sequenceNumber().orElse(0) >= 4)
                            .count()
                    >= 3);
        } finally {
            replicas.forEach(Replica::close);
        }

        Set<Long> sent = new HashSet<>();
        Set<Long> paired = new HashSet<>();
        Set<String> types = new HashSet<>();
        for (TraceEvent event : trace().events()) {
            if (event instanceof OfMessage message && message.step() == MessageStep.SENT) {
                assertThat(sent.add(message.message().id())).isTrue();
            } else if (event instanceof OfMessage message
                    && sent.contains(message.message().id())) {
                assertThat(paired.add(message.message().id())).isTrue();
                types.add(message.message().type());
            }
        }
        assertThat(types).contains("PRE_PREPARE", "PREPARE", "COMMIT", "CHECKPOINT", "VIEW_CHANGE", "NEW_VIEW");
        assertThat(steps(NodeStep.VIEW_ENTERED).map(event -> event.view().orElseThrow()))
                .contains(0L, 1L);
        assertThat(steps(NodeStep.CHECKPOINT)).isNotEmpty();
        assertThat(steps(NodeStep.CRASHED).map(OfNode::node)).hasSize(4).doesNotHaveDuplicates();

        Path page = dir.resolve("trace.html");
        HtmlTrace.write(trace(), page);
        assertThat(Files.readString(page))
                .contains("Four real replicas", "\"NEW_VIEW\"", "\"VIEW_ENTERED\"", "\"EXECUTED\"")
                .contains("the primary is replica 1")
                .doesNotContain("http://", "https://", "src=");
    }

    @Test
    void anArrivalBelongsToTheLastSendingThatHasNotArrived() throws Exception {
        RealCluster cluster = RealCluster.of(4, Limits.defaults());
        AtomicLong clock = new AtomicLong();
        ReplicaTrace observer = new ReplicaTrace(cluster.config(), recorder, clock::incrementAndGet);
        ReplicaId sender = new ReplicaId(0);
        ReplicaId receiver = new ReplicaId(1);
        Verified<ReqViewChange> message = cluster.sealer(0).seal(new ReqViewChange(sender, new View(1)));
        observer.applied(sender, new Effect.Send(receiver, message));
        observer.applied(sender, new Effect.Broadcast(message));
        observer.handled(receiver, new Event.Received(message));
        observer.handled(receiver, new Event.Received(message));
        List<String> arrivals = trace().events().stream()
                .map(OfMessage.class::cast)
                .map(event -> event.atNanos() + ": " + event.step() + " "
                        + event.message().id() + " " + event.message().to())
                .toList();
        assertThat(arrivals)
                .containsExactly(
                        "1: SENT 0 replica 1",
                        "2: SENT 1 replica 1",
                        "3: SENT 2 replica 2",
                        "4: SENT 3 replica 3",
                        "5: DELIVERED 1 replica 1",
                        "6: DELIVERED 4 replica 1");
    }

    @Test
    void sendingsThatNeverArriveAreForgottenSomeday() throws Exception {
        RealCluster cluster = RealCluster.of(4, Limits.defaults());
        ReplicaTrace observer = new ReplicaTrace(cluster.config(), recorder);
        ReplicaId sender = new ReplicaId(0);
        ReplicaId receiver = new ReplicaId(1);
        List<Verified<ReqViewChange>> messages = new ArrayList<>();
        for (int view = 0; view <= 10_000; view++) {
            messages.add(cluster.sealer(0).seal(new ReqViewChange(sender, new View(view))));
            observer.applied(sender, new Effect.Send(receiver, messages.get(view)));
        }
        observer.handled(receiver, new Event.Received(messages.get(0)));
        observer.handled(receiver, new Event.Received(messages.get(1)));
        List<TraceEvent> events = trace().events();
        assertThat(events.get(10_001)).hasFieldOrPropertyWithValue("message.id", 10_001L);
        assertThat(events.get(10_002)).hasFieldOrPropertyWithValue("message.id", 1L);
    }

    @Test
    void aHaltIsAViolation() throws Exception {
        ReplicaTrace observer =
                new ReplicaTrace(RealCluster.of(1, Limits.defaults()).config(), recorder);
        observer.applied(new ReplicaId(0), new Effect.Halt("a test says so"));
        assertThat(steps(NodeStep.VIOLATION).map(OfNode::description)).containsExactly("a test says so");
    }

    @Test
    void aReplicaThatStartsAgainIsShownSo() throws Exception {
        RealCluster cluster = RealCluster.of(1, Limits.defaults());
        ReplicaTrace observer = new ReplicaTrace(cluster.config(), recorder);
        cluster.start(0, observer).close();
        try (Replica again = cluster.start(0, observer);
                BftClient client = cluster.connect()) {
            invoke(client, "hello");
            assertThat(again.isRunning()).isTrue();
        }
        assertThat(steps(NodeStep.RESTARTED)).hasSize(1);
        assertThat(trace().events().stream().filter(OfMessage.class::isInstance).map(event -> event.inWords()))
                .anyMatch(words -> words.startsWith("replica 0 receives REQUEST"))
                .anyMatch(words -> words.startsWith("replica 0 sends REPLY"));
    }
}
