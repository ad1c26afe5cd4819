package dev.quorate.simulator.trace;

import java.io.IOException;
import java.util.List;

/**
 * Writes JSON that may stand inside a script element of an HTML page: whatever could end the element, begin a comment,
 * or end a line of JavaScript is escaped.
 */
final class TraceJson {
    private final Appendable out;
    private boolean first = true;

    TraceJson(Appendable out) {
        this.out = out;
    }

    TraceJson begin(char bracket) throws IOException {
        separate();
        out.append(bracket);
        first = true;
        return this;
    }

    TraceJson end(char bracket) throws IOException {
        out.append(bracket);
        first = false;
        return this;
    }

    TraceJson name(String name) throws IOException {
        value(name);
        out.append(':');
        first = true;
        return this;
    }

    TraceJson value(long value) throws IOException {
        separate();
        out.append(Long.toString(value));
        return this;
    }

    TraceJson value(String text) throws IOException {
        separate();
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        out.append('"');
        return this;
    }

    /** Lone surrogates cannot be encoded as UTF-8, so all surrogates are escaped. */
    private static boolean isPlain(char c) {
        return c >= ' ' && "\"\\<>&'\u2028\u2029\u007f".indexOf(c) < 0 && !Character.isSurrogate(c);
    }

    TraceJson strings(String name, List<String> values) throws IOException {
        name(name).begin('[');
        for (String value : values) {
            value(value);
        }
        return end(']');
    }

    TraceJson numbers(String name, List<Long> values) throws IOException {
        name(name).begin('[');
        for (long value : values) {
            value(value);
        }
        return end(']');
    }

    private void separate() throws IOException {
        if (!first) {
            out.append(',');
        }
        first = false;
    }
}
