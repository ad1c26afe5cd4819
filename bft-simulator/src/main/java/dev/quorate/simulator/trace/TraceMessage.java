package dev.quorate.simulator.trace;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import java.lang.reflect.RecordComponent;
import java.util.OptionalLong;

/**
 * A message on its way from one node to one other. A broadcast is one of these for each receiver.
 *
 * @param id the same at its sending and at its arrival, and unique otherwise
 * @param type such as {@code PRE_PREPARE}
 * @param view the view that it names, if it names one
 * @param sequenceNumber the position that it names, if it names one
 * @param description short, for people
 */
public record TraceMessage(
        long id,
        TraceNode from,
        TraceNode to,
        String type,
        OptionalLong view,
        OptionalLong sequenceNumber,
        String description) {

    /** Longer descriptions are cut. In characters. */
    public static final int MAX_DESCRIPTION = 240;

    public TraceMessage {
        description = shortened(description);
    }

    /** A protocol message, described by itself. */
    public static TraceMessage of(long id, TraceNode from, TraceNode to, Message message) {
        Object view = component(message, View.class, "view");
        Object position = component(message, SequenceNumber.class, "sequenceNumber");
        return new TraceMessage(
                id,
                from,
                to,
                message.type().name(),
                view instanceof View v ? OptionalLong.of(v.number()) : OptionalLong.empty(),
                position instanceof SequenceNumber s ? OptionalLong.of(s.value()) : OptionalLong.empty(),
                message.toString());
    }

    /**
     * Messages are records whose components are named alike, so that this holds for every type of message, those of
     * protocols yet to come included. Null if the message has no such component.
     */
    private static Object component(Message message, Class<?> type, String name) {
        if (message.getClass().isRecord()) {
            for (RecordComponent component : message.getClass().getRecordComponents()) {
                if (component.getType() == type && component.getName().equals(name)) {
                    try {
                        return component.getAccessor().invoke(message);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException("cannot read " + name + " of " + message.type(), e);
                    }
                }
            }
        }
        return null;
    }

    static String shortened(String text) {
        return text.length() <= MAX_DESCRIPTION ? text : text.substring(0, MAX_DESCRIPTION - 1) + "…";
    }

    /** The type and what it is about, such as {@code PREPARE (view 0, s=17)}. */
    String label() {
        StringBuilder label = new StringBuilder(type.replace('_', '-'));
        if (view.isPresent() || sequenceNumber.isPresent()) {
            label.append(" (");
            view.ifPresent(v -> label.append("view ").append(v));
            sequenceNumber.ifPresent(
                    s -> label.append(view.isPresent() ? ", " : "").append("s=").append(s));
            label.append(')');
        }
        return label.toString();
    }
}
