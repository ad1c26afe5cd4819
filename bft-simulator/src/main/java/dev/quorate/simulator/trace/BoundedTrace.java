package dev.quorate.simulator.trace;

import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the last events of a run in memory; of earlier ones only what still holds: which view a node is in, whether it
 * is down or paused, which faults are there. Thread-safe.
 */
public final class BoundedTrace implements TraceRecorder {
    /** Faults and invocations that began and did not end; further ones are not kept. */
    private static final int MAX_OPEN_SUBJECTS = 10_000;

    /** What one later event of the same aspect supersedes. */
    private record Aspect(TraceNode node, String name) implements Comparable<Aspect> {
        private static final Comparator<Aspect> ORDER =
                Comparator.comparing(Aspect::node).thenComparing(Aspect::name);

        @Override
        public int compareTo(Aspect that) {
            return ORDER.compare(this, that);
        }
    }

    private final int capacity;
    private final Deque<TraceEvent> events = new ArrayDeque<>();
    private final Map<Aspect, TraceEvent.OfNode> standing = new TreeMap<>();
    private final SortedSet<TraceNode> nodes = new TreeSet<>();
    private long forgotten;

    /** @param capacity how many events to keep, at least 1 */
    public BoundedTrace(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        this.capacity = capacity;
    }

    @Override
    public synchronized void record(TraceEvent event) {
        if (events.size() == capacity) {
            forgotten++;
            if (events.remove() instanceof TraceEvent.OfNode old) {
                keepStanding(old);
            }
        }
        if (event instanceof TraceEvent.OfNode ofNode) {
            nodes.add(ofNode.node());
        } else if (event instanceof TraceEvent.OfMessage ofMessage) {
            nodes.add(ofMessage.message().from());
            nodes.add(ofMessage.message().to());
        }
        events.add(event);
    }

    private void keepStanding(TraceEvent.OfNode old) {
        switch (old.step()) {
            case VIEW_ENTERED -> standing.put(new Aspect(old.node(), "view"), old);
            case CRASHED, PAUSED -> standing.put(new Aspect(old.node(), "down"), old);
            case RESTARTED, RESUMED -> standing.remove(new Aspect(old.node(), "down"));
            case FAULT_BEGINS, INVOKED -> {
                if (standing.size() < MAX_OPEN_SUBJECTS) {
                    standing.put(subjectOf(old), old);
                }
            }
            case FAULT_ENDS, COMPLETED, GAVE_UP -> standing.remove(subjectOf(old));
            case EXECUTED, COMMITTED, CHECKPOINT, TIMER, VIOLATION, NOTE -> {}
        }
    }

    private static Aspect subjectOf(TraceEvent.OfNode event) {
        boolean fault = event.step() == NodeStep.FAULT_BEGINS || event.step() == NodeStep.FAULT_ENDS;
        return new Aspect(event.node(), (fault ? "fault " : "invocation ") + event.subject());
    }

    /** What is recorded now. */
    public synchronized Trace trace(String title, Map<String, String> facts) {
        List<TraceEvent> all = new ArrayList<>(standing.values());
        all.addAll(events);
        // A stable sort: what has the same time keeps the order in which it was told.
        all.sort(Comparator.comparingLong(TraceEvent::atNanos));
        return new Trace(title, facts, nodes, all, forgotten - standing.size());
    }
}
