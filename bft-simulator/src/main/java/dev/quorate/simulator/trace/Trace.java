package dev.quorate.simulator.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What was recorded of a run. Immutable.
 *
 * @param title for people
 * @param facts what else to say about the run, such as its seed, in this order
 * @param nodes whoever appears in an event
 * @param events by time
 * @param forgotten how many earlier events were not kept
 */
public record Trace(
        String title, Map<String, String> facts, SortedSet<TraceNode> nodes, List<TraceEvent> events, long forgotten) {

    public Trace {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
        events = List.copyOf(events);
    }
}
