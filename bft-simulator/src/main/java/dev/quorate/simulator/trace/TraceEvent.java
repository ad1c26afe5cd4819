package dev.quorate.simulator.trace;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.smr.Notice;
import java.util.Optional;
import java.util.OptionalLong;

/** Something that happened in a run. Immutable; no component is null. */
public sealed interface TraceEvent {
    /** When, in nanoseconds since the run began. */
    long atNanos();

    /** What happened, in words. */
    String inWords();

    /** What happens to a message. A message that is repeated by the network arrives more than once. */
    enum MessageStep {
        SENT("sends"),
        DELIVERED("receives"),
        /** Lost: in the network, or refused by a receiver's full queue. */
        DROPPED("never receives");

        private final String verb;

        MessageStep(String verb) {
            this.verb = verb;
        }
    }

    /** A step in the life of a message. */
    record OfMessage(long atNanos, MessageStep step, TraceMessage message) implements TraceEvent {
        @Override
        public String inWords() {
            String detail = message.description().isEmpty() ? "" : ": " + message.description();
            return step == MessageStep.SENT
                    ? message.from() + " sends " + message.label() + " to " + message.to() + detail
                    : message.to() + " " + step.verb + " " + message.label() + " from " + message.from();
        }
    }

    /** The kinds of events at a node. */
    enum NodeStep {
        EXECUTED("executes"),
        COMMITTED("commits"),
        VIEW_ENTERED("enters its view"),
        CHECKPOINT("takes a checkpoint"),
        CRASHED("crashes"),
        RESTARTED("restarts"),
        PAUSED("pauses"),
        RESUMED("goes on"),
        TIMER("has a timer run out"),
        FAULT_BEGINS("has a fault begin"),
        FAULT_ENDS("has a fault end"),
        INVOKED("is asked for an operation"),
        COMPLETED("has the result"),
        GAVE_UP("gives up"),
        VIOLATION("VIOLATES AN INVARIANT"),
        NOTE("notes");

        private final String words;

        NodeStep(String words) {
            this.words = words;
        }

        /** What the node does, as in "replica 1 <em>commits</em>". */
        public String words() {
            return words;
        }
    }

    /**
     * Something that happened at a node.
     *
     * @param subject what begins and ends together: a fault's name, an invocation's ticket; else empty
     * @param description for people; may be empty
     */
    record OfNode(
            long atNanos,
            TraceNode node,
            NodeStep step,
            OptionalLong view,
            OptionalLong sequenceNumber,
            String subject,
            String description)
            implements TraceEvent {

        /** Long enough for the explanation of a violation, in characters; what exceeds it is cut. */
        public static final int MAX_VIOLATION = 10_000;

        public OfNode {
            subject = TraceMessage.shortened(subject);
            description = step == NodeStep.VIOLATION
                    ? description.substring(0, Math.min(description.length(), MAX_VIOLATION))
                    : TraceMessage.shortened(description);
        }

        /** An event without view, sequence number and subject. */
        public static OfNode of(long atNanos, TraceNode node, NodeStep step, String description) {
            return new OfNode(atNanos, node, step, OptionalLong.empty(), OptionalLong.empty(), "", description);
        }

        /** What a replica reports; empty for what other events tell already. */
        public static Optional<OfNode> of(long atNanos, TraceNode node, Notice notice) {
            if (notice instanceof Notice.Committed committed) {
                return Optional.of(of(atNanos, node, NodeStep.COMMITTED, "batch " + committed.digest())
                        .in(committed.view())
                        .at(committed.sequenceNumber()));
            } else if (notice instanceof Notice.ViewEntered entered) {
                String primary = "the primary is " + entered.primary();
                return Optional.of(
                        of(atNanos, node, NodeStep.VIEW_ENTERED, primary).in(entered.view()));
            } else if (notice instanceof Notice.RequestExecuted || notice instanceof Notice.BatchScheduled) {
                return Optional.empty();
            }
            return Optional.of(of(atNanos, node, NodeStep.NOTE, notice.toString()));
        }

        public OfNode in(View v) {
            return new OfNode(atNanos, node, step, OptionalLong.of(v.number()), sequenceNumber, subject, description);
        }

        public OfNode at(SequenceNumber s) {
            return new OfNode(atNanos, node, step, view, OptionalLong.of(s.value()), subject, description);
        }

        public OfNode about(String name) {
            return new OfNode(atNanos, node, step, view, sequenceNumber, name, description);
        }

        @Override
        public String inWords() {
            StringBuilder words = new StringBuilder(node + " " + step.words());
            view.ifPresent(v -> words.append(", view ").append(v));
            sequenceNumber.ifPresent(s -> words.append(", s=").append(s));
            if (!subject.isEmpty()) {
                words.append(", ").append(subject);
            }
            return words.append(description.isEmpty() ? "" : ": " + description).toString();
        }
    }
}
