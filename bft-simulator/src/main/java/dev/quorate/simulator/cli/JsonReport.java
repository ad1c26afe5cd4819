package dev.quorate.simulator.cli;

import dev.quorate.simulator.SimulationResult;
import dev.quorate.simulator.check.Violation;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a campaign showed, as one JSON object. */
final class JsonReport {
    private final StringBuilder out = new StringBuilder();

    private JsonReport() {}

    static String of(String protocol, Campaign campaign) {
        JsonReport report = new JsonReport();
        report.write(protocol, campaign);
        return report.out.toString();
    }

    private void write(String protocol, Campaign campaign) {
        out.append("{\"protocol\":");
        string(protocol);
        out.append(String.format(
                Locale.ROOT,
                ",\"runs\":%d,\"events\":%d,\"virtualSeconds\":%.3f,\"realSeconds\":%.3f,\"undecided\":%d,\"digest\":\"%s\"",
                campaign.runs(),
                campaign.events(),
                campaign.virtualSeconds(),
                campaign.realSeconds(),
                campaign.undecided(),
                campaign.digest().toHex()));
        out.append(",\"failures\":[");
        String separator = "";
        for (SimulationResult failure : campaign.failures().values()) {
            out.append(separator);
            failure(failure);
            separator = ",";
        }
        out.append("],\"coverage\":{");
        separator = "";
        for (Map.Entry<String, Long> count : campaign.coverage().counts().entrySet()) {
            out.append(separator);
            string(count.getKey());
            out.append(':').append(count.getValue());
            separator = ",";
        }
        out.append("}}");
    }

    private void failure(SimulationResult failure) {
        Violation violation = failure.violation().orElseThrow();
        out.append("{\"seed\":").append(failure.seed().value()).append(",\"invariant\":");
        string(violation.invariant());
        out.append(",\"explanation\":");
        string(violation.explanation());
        out.append(",\"digest\":\"").append(failure.digest().toHex()).append("\",\"replay\":");
        string(failure.replay());
        out.append(",\"plan\":");
        strings(failure.plan().words());
        out.append(",\"lastEvents\":");
        strings(failure.lastEvents());
        out.append('}');
    }

    private void strings(List<String> values) {
        out.append('[');
        String separator = "";
        for (String value : values) {
            out.append(separator);
            string(value);
            separator = ",";
        }
        out.append(']');
    }

    private void string(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
