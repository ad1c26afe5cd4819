package dev.quorate.simulator.trace;

import dev.quorate.crypto.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * Writes a trace as one HTML page with everything in it: a space-time diagram to zoom, filter and step through. It needs
 * no network. What comes from the trace reaches the page as data only, never as markup, and the page's content security
 * policy allows no script but its own.
 */
public final class HtmlTrace {
    private static final List<String> SCRIPTS = List.of(
            "trace-model.js",
            "trace-theme.js",
            "trace-shapes.js",
            "trace-viewport.js",
            "trace-arrows.js",
            "trace-draw.js",
            "trace-panel.js",
            "trace-page.js");

    private HtmlTrace() {}

    /** Writes the page to a file, and replaces what was there. */
    public static void write(Trace trace, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            write(trace, out);
        }
    }

    /** Writes the page; the caller sees to it that it is encoded as UTF-8. */
    public static void write(Trace trace, Appendable out) throws IOException {
        StringBuilder script = new StringBuilder("\"use strict\";\n");
        for (String name : SCRIPTS) {
            script.append(resource(name));
        }
        String style = resource("trace.css");
        String[] page = resource("trace.html")
                .replace("{{policy}}", policy(script.toString(), style))
                .replace("{{style}}", style)
                .replace("{{script}}", script)
                .split("\\{\\{data}}", -1);
        out.append(page[0]);
        TraceData.write(trace, out);
        out.append(page[1]);
    }

    private static String policy(String script, String style) {
        return "default-src 'none'; base-uri 'none'; form-action 'none'; script-src '" + hash(script) + "'; style-src '"
                + hash(style) + "'";
    }

    private static String hash(String content) {
        byte[] digest = Digest.sha256(content.getBytes(StandardCharsets.UTF_8)).toArray();
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = HtmlTrace.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the library is incomplete: it lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
