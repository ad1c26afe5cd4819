package dev.quorate.sample.kv.cli;

import java.io.PrintWriter;

/** A line that tells how far it has got: overwritten on a terminal, one after the other elsewhere. */
final class Progress {
    private static final int WIDTH = 78;

    private final PrintWriter err;
    /** Java cannot tell whether standard error alone is a terminal; the script {@code kv} can. */
    private final boolean terminal = "true".equals(System.getenv("KV_TERMINAL"));

    private boolean lineIsOpen;

    Progress(PrintWriter err) {
        this.err = err;
    }

    void say(String text) {
        if (terminal) {
            String line = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
            err.print("\r" + line + " ".repeat(WIDTH - line.length()));
            lineIsOpen = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Removes the line from a terminal, so that something else can be printed. */
    void end() {
        if (lineIsOpen) {
            err.print("\r" + " ".repeat(WIDTH) + "\r");
            err.flush();
            lineIsOpen = false;
        }
    }
}
