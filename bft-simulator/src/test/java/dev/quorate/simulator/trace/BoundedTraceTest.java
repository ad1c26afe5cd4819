package dev.quorate.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundedTraceTest {
    private static final TraceNode R0 = TraceNode.of(new ReplicaId(0));
    private static final TraceNode R1 = TraceNode.of(new ReplicaId(1));
    private static final TraceNode CLIENT = TraceNode.of(new ClientId(0));

    private final BoundedTrace recorder = new BoundedTrace(2);

    private TraceEvent.OfNode record(TraceNode node, NodeStep step, String subject) {
        TraceEvent.OfNode event = TraceEvent.OfNode.of(clock++, node, step, "").about(subject);
        recorder.record(event);
        return event;
    }

    private long clock;

    private List<TraceEvent> events() {
        return recorder.trace("t", Map.of()).events();
    }

    @Test
    void keepsTheLastEventsAndCountsTheRest() {
        record(R0, NodeStep.NOTE, "a");
        TraceEvent b = record(R1, NodeStep.NOTE, "b");
        TraceEvent c = record(CLIENT, NodeStep.NOTE, "c");
        Trace trace = recorder.trace("t", Map.of("seed", "1"));
        assertThat(trace.events()).containsExactly(b, c);
        assertThat(trace.forgotten()).isEqualTo(1);
        assertThat(trace.nodes()).containsExactly(CLIENT, R0, R1);
    }

    @Test
    void keepsTheViewThatStillHolds() {
        recorder.record(
                TraceEvent.OfNode.of(clock++, R0, NodeStep.VIEW_ENTERED, "").in(new View(1)));
        TraceEvent view2 =
                TraceEvent.OfNode.of(clock++, R0, NodeStep.VIEW_ENTERED, "").in(new View(2));
        recorder.record(view2);
        TraceEvent a = record(R1, NodeStep.NOTE, "a");
        TraceEvent b = record(R1, NodeStep.NOTE, "b");
        assertThat(events()).containsExactly(view2, a, b);
        assertThat(recorder.trace("t", Map.of()).forgotten()).isEqualTo(1);
    }

    @Test
    void keepsThatAReplicaIsDownUntilItIsNot() {
        TraceEvent crashed = record(R0, NodeStep.CRASHED, "");
        record(R1, NodeStep.NOTE, "");
        record(R1, NodeStep.NOTE, "");
        assertThat(events()).hasSize(3).startsWith(crashed);
        record(R0, NodeStep.RESTARTED, "");
        record(R1, NodeStep.NOTE, "");
        record(R1, NodeStep.NOTE, "");
        assertThat(events()).hasSize(2).doesNotContain(crashed);
    }

    @Test
    void keepsFaultsAndInvocationsUntilTheyEnd() {
        TraceEvent slow = record(R0, NodeStep.FAULT_BEGINS, "slow disk");
        TraceEvent partition = record(TraceNode.NETWORK, NodeStep.FAULT_BEGINS, "partition");
        TraceEvent first = record(CLIENT, NodeStep.INVOKED, "ticket 1");
        TraceEvent second = record(CLIENT, NodeStep.INVOKED, "ticket 2");
        record(R1, NodeStep.NOTE, "");
        record(R1, NodeStep.NOTE, "");
        assertThat(events()).hasSize(6).startsWith(slow, partition, first, second);
        record(TraceNode.NETWORK, NodeStep.FAULT_ENDS, "partition");
        record(CLIENT, NodeStep.COMPLETED, "ticket 2");
        record(R1, NodeStep.NOTE, "");
        record(R1, NodeStep.NOTE, "");
        assertThat(events()).hasSize(4).startsWith(slow, first);
    }

    @Test
    void eventsOfSeveralThreadsAreSortedByTime() {
        TraceEvent later = TraceEvent.OfNode.of(9, R0, NodeStep.NOTE, "");
        TraceEvent earlier = TraceEvent.OfNode.of(3, R1, NodeStep.NOTE, "");
        recorder.record(later);
        recorder.record(earlier);
        assertThat(events()).containsExactly(earlier, later);
    }

    @Test
    void hasToKeepSomething() {
        assertThatThrownBy(() -> new BoundedTrace(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
