package dev.quorate.simulator.trace;

import java.util.List;
import java.util.Locale;

/** A trace in words, one event a line. */
public final class TraceText {
    private TraceText() {}

    /** The last events, at most {@code count} of them, oldest first, each with its time in milliseconds. */
    public static String last(Trace trace, int count) {
        List<TraceEvent> events = trace.events();
        List<TraceEvent> shown = events.subList(Math.max(0, events.size() - count), events.size());
        StringBuilder text = new StringBuilder();
        long before = trace.forgotten() + events.size() - shown.size();
        if (before > 0) {
            text.append(String.format(Locale.ROOT, "(%,d earlier events)%n", before));
        }
        for (TraceEvent event : shown) {
            text.append(String.format(
                    Locale.ROOT,
                    "%8d.%06d ms  %s%n",
                    event.atNanos() / 1_000_000,
                    event.atNanos() % 1_000_000,
                    event.inWords()));
        }
        return text.toString();
    }
}
