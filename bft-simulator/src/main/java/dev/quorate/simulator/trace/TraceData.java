package dev.quorate.simulator.trace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A trace as the page reads it: messages as arrows, everything else as marks, each as columns of numbers. -1 stands for
 * what is absent; texts are numbers of entries in one list, so that a text that repeats is there once.
 */
final class TraceData {
    private static final long ABSENT = -1;
    private static final String[] ARROW_COLUMNS = {
        "sent", "end", "outcome", "from", "to", "type", "view", "seq", "text", "sentIndex", "endIndex"
    };
    private static final String[] MARK_COLUMNS = {"at", "step", "node", "view", "seq", "subject", "text", "index"};

    /** What became of a message. */
    private enum Outcome {
        DELIVERED,
        DROPPED,
        UNDER_WAY
    }

    /** A message that was sent, and how often its end was seen so far. */
    private static final class Sent {
        private final long atNanos;
        private final int index;
        private final TraceMessage message;
        private boolean ended;

        private Sent(long atNanos, int index, TraceMessage message) {
            this.atNanos = atNanos;
            this.index = index;
            this.message = message;
        }
    }

    private final Map<String, Long> texts = new LinkedHashMap<>();
    private final Map<TraceNode, Long> nodes = new HashMap<>();
    private final Map<Long, Sent> sent = new LinkedHashMap<>();
    private final List<List<Long>> arrows = columns(ARROW_COLUMNS.length);
    private final List<List<Long>> marks = columns(MARK_COLUMNS.length);

    private TraceData(Trace trace) {
        for (TraceNode node : trace.nodes()) {
            nodes.put(node, (long) nodes.size());
        }
        int index = 0;
        for (TraceEvent event : trace.events()) {
            if (event instanceof TraceEvent.OfMessage message) {
                message(message, index++);
            } else if (event instanceof TraceEvent.OfNode node) {
                mark(node, index++);
            }
        }
        for (Sent open : sent.values()) {
            if (!open.ended) {
                arrow(open.message, open.atNanos, ABSENT, Outcome.UNDER_WAY, open.index, ABSENT);
            }
        }
    }

    /** Writes the data of the page as one JSON object. */
    static void write(Trace trace, Appendable out) throws IOException {
        new TraceData(trace).write(trace, new TraceJson(out));
    }

    private void message(TraceEvent.OfMessage event, int index) {
        TraceMessage message = event.message();
        if (event.step() == TraceEvent.MessageStep.SENT) {
            sent.put(message.id(), new Sent(event.atNanos(), index, message));
            return;
        }
        Outcome outcome = event.step() == TraceEvent.MessageStep.DROPPED ? Outcome.DROPPED : Outcome.DELIVERED;
        Sent beginning = sent.get(message.id());
        if (beginning == null) {
            arrow(message, ABSENT, event.atNanos(), outcome, ABSENT, index);
        } else {
            arrow(
                    message,
                    beginning.atNanos,
                    event.atNanos(),
                    outcome,
                    beginning.ended ? ABSENT : beginning.index,
                    index);
            beginning.ended = true;
        }
    }

    private void arrow(TraceMessage message, long sentAt, long end, Outcome outcome, long sentIndex, long endIndex) {
        add(
                arrows,
                sentAt,
                end,
                text(outcome.name()),
                nodes.get(message.from()),
                nodes.get(message.to()),
                text(message.type()),
                orAbsent(message.view()),
                orAbsent(message.sequenceNumber()),
                text(message.description()),
                sentIndex,
                endIndex);
    }

    private void mark(TraceEvent.OfNode event, int index) {
        add(
                marks,
                event.atNanos(),
                text(event.step().name()),
                nodes.get(event.node()),
                orAbsent(event.view()),
                orAbsent(event.sequenceNumber()),
                text(event.subject()),
                text(event.description()),
                index);
    }

    private long text(String text) {
        return texts.computeIfAbsent(text, t -> (long) texts.size());
    }

    private static long orAbsent(OptionalLong value) {
        return value.orElse(ABSENT);
    }

    private static void add(List<List<Long>> columns, long... row) {
        for (int i = 0; i < row.length; i++) {
            columns.get(i).add(row[i]);
        }
    }

    private static List<List<Long>> columns(int count) {
        List<List<Long>> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(new ArrayList<>());
        }
        return columns;
    }

    private void write(Trace trace, TraceJson json) throws IOException {
        json.begin('{').name("title").value(trace.title());
        json.name("forgotten").value(trace.forgotten());
        json.name("facts").begin('[');
        for (Map.Entry<String, String> fact : trace.facts().entrySet()) {
            json.begin('[').value(fact.getKey()).value(fact.getValue()).end(']');
        }
        json.end(']').name("nodes").begin('[');
        for (TraceNode node : trace.nodes()) {
            json.begin('[').value(node.kind().name()).value(node.id()).end(']');
        }
        json.end(']').name("steps").begin('[');
        for (TraceEvent.NodeStep step : TraceEvent.NodeStep.values()) {
            json.begin('[').value(step.name()).value(step.words()).end(']');
        }
        json.end(']').strings("texts", List.copyOf(texts.keySet()));
        write(json, "arrows", ARROW_COLUMNS, arrows);
        write(json, "marks", MARK_COLUMNS, marks);
        json.end('}');
    }

    private static void write(TraceJson json, String name, String[] names, List<List<Long>> columns)
            throws IOException {
        json.name(name).begin('{');
        for (int i = 0; i < names.length; i++) {
            json.numbers(names[i], columns.get(i));
        }
        json.end('}');
    }
}
