package dev.quorate.transport.channel;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Lets a few log lines of one kind through in each period, and says how many it held back. Thread-safe. */
public final class LogThrottle {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int LINES_PER_PERIOD = 5;

    private long periodStart = System.nanoTime();
    private int lines;
    private long heldBack;

    /** Calls {@code line}, unless there were too many in this period, with a note on what was held back before. */
    public void log(Consumer<String> line) {
        String note;
        synchronized (this) {
            long now = System.nanoTime();
            if (now - periodStart >= PERIOD_NANOS) {
                periodStart = now;
                lines = 0;
            }
            if (lines >= LINES_PER_PERIOD) {
                heldBack++;
                return;
            }
            lines++;
            note = heldBack == 0 ? "" : " (" + heldBack + " more of the kind were not logged)";
            heldBack = 0;
        }
        line.accept(note);
    }
}
