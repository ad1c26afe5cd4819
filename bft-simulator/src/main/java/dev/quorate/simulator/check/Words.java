package dev.quorate.simulator.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How explanations put things. */
final class Words {
    private static final int LISTED = 6;

    private Words() {}

    /** A moment of virtual time, in milliseconds with all its digits. */
    static String at(long nanos) {
        return String.format(Locale.ROOT, "%d.%06d ms", nanos / 1_000_000, nanos % 1_000_000);
    }

    /** The first few of these, and how many more there are. */
    static String some(List<?> items) {
        String listed = items.stream().limit(LISTED).map(Object::toString).collect(Collectors.joining(", "));
        int more = items.size() - LISTED;
        return "[" + listed + (more > 0 ? ", and " + more + " more" : "") + "]";
    }
}
