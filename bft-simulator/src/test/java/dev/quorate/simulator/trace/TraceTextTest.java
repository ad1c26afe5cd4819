package dev.quorate.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.trace.TraceEvent.MessageStep;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TraceTextTest {
    private static final TraceNode R0 = TraceNode.of(new ReplicaId(0));
    private static final TraceNode R2 = TraceNode.of(new ReplicaId(2));

    private static TraceMessage prepare(String description) {
        return new TraceMessage(1, R0, R2, "PRE_PREPARE", OptionalLong.of(3), OptionalLong.of(17), description);
    }

    private static String last(int count, long forgotten, TraceEvent... events) {
        return TraceText.last(
                new Trace("t", Map.of(), new TreeSet<>(List.of(R0, R2)), List.of(events), forgotten), count);
    }

    @Test
    void messagesInWords() {
        assertThat(last(
                                9,
                                0,
                                new TraceEvent.OfMessage(1_234_567, MessageStep.SENT, prepare("of 2 requests")),
                                new TraceEvent.OfMessage(2_000_000, MessageStep.DELIVERED, prepare("of 2 requests")),
                                new TraceEvent.OfMessage(123_000_000, MessageStep.DROPPED, prepare("of 2 requests")))
                        .lines())
                .containsExactly(
                        "       1.234567 ms  replica 0 sends PRE-PREPARE (view 3, s=17) to replica 2: of 2 requests",
                        "       2.000000 ms  replica 2 receives PRE-PREPARE (view 3, s=17) from replica 0",
                        "     123.000000 ms  replica 2 never receives PRE-PREPARE (view 3, s=17) from replica 0");
    }

    @Test
    void eventsOfNodesInWords() {
        assertThat(last(
                                9,
                                0,
                                TraceEvent.OfNode.of(0, R2, NodeStep.EXECUTED, "2 requests")
                                        .in(new View(3))
                                        .at(new SequenceNumber(17)),
                                TraceEvent.OfNode.of(0, TraceNode.NETWORK, NodeStep.FAULT_BEGINS, "")
                                        .about("partition"))
                        .lines())
                .containsExactly(
                        "       0.000000 ms  replica 2 executes, view 3, s=17: 2 requests",
                        "       0.000000 ms  network has a fault begin, partition");
    }

    @Test
    void onlyTheLastAndHowManyBefore() {
        TraceEvent[] events = new TraceEvent[5];
        for (int i = 0; i < events.length; i++) {
            events[i] = TraceEvent.OfNode.of(i, R0, NodeStep.NOTE, "event " + i);
        }
        assertThat(last(2, 1_000, events).lines())
                .containsExactly(
                        "(1,003 earlier events)",
                        "       0.000003 ms  replica 0 notes: event 3",
                        "       0.000004 ms  replica 0 notes: event 4");
    }

    @Test
    void protocolMessagesSayTheirViewAndPosition() {
        Message prepare =
                new Prepare(new ReplicaId(0), new View(4), new SequenceNumber(12), Digest.sha256(Bytes.EMPTY));
        assertThat(TraceMessage.of(1, R0, R2, prepare).label()).isEqualTo("PREPARE (view 4, s=12)");
        Message checkpoint = new Checkpoint(new ReplicaId(0), new SequenceNumber(12), Digest.sha256(Bytes.EMPTY));
        assertThat(TraceMessage.of(1, R0, R2, checkpoint).label()).isEqualTo("CHECKPOINT (s=12)");
        Message request = new Request(new RequestId(new ClientId(1), 1, 1), Bytes.EMPTY);
        assertThat(TraceMessage.of(1, R0, R2, request).label()).isEqualTo("REQUEST");
    }

    @Test
    void longDescriptionsAreCut() {
        assertThat(prepare("x".repeat(10_000)).description())
                .hasSize(TraceMessage.MAX_DESCRIPTION)
                .endsWith("x…");
        assertThat(TraceEvent.OfNode.of(0, R0, NodeStep.NOTE, "x".repeat(10_000))
                        .description())
                .hasSize(TraceMessage.MAX_DESCRIPTION);
        assertThat(TraceEvent.OfNode.of(0, R0, NodeStep.VIOLATION, "x".repeat(20_000))
                        .description())
                .hasSize(TraceEvent.OfNode.MAX_VIOLATION);
    }
}
