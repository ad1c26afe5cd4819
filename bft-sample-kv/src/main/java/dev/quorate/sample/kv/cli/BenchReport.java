package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What {@code kv bench} prints at its end. */
record BenchReport(
        ClusterConfig config,
        int clients,
        int requestBytes,
        int replyBytes,
        double warmupSeconds,
        ClosedLoop.Outcome o) {

    void printText(PrintWriter out) {
        Histogram latencies = o.latencies();
        out.printf(
                "%s, %d replicas; %d clients, closed loop; requests of %d bytes, replies of %d; %.1f s after %.1f s"
                        + " of warm-up%n",
                config.protocol().configName(),
                config.n(),
                clients,
                requestBytes,
                replyBytes,
                o.measured().toMillis() / 1e3,
                warmupSeconds);
        out.printf(
                Locale.ROOT, "throughput  %,.0f requests/s (%d in all)%n", o.throughput(), latencies.getTotalCount());
        out.printf(
                "latency     p50 %s, p90 %s, p99 %s, max %s%n",
                Seconds.showMillis(latencies.getValueAtPercentile(50)),
                Seconds.showMillis(latencies.getValueAtPercentile(90)),
                Seconds.showMillis(latencies.getValueAtPercentile(99)),
                Seconds.showMillis(latencies.getMaxValue()));
        out.printf("failed      %d%n", o.failed());
    }

    void printJson(PrintWriter out) {
        Histogram latencies = o.latencies();
        out.printf(
                Locale.ROOT,
                "{\"protocol\":\"%s\",\"replicas\":%d,\"clients\":%d,\"requestBytes\":%d,\"replyBytes\":%d,"
                        + "\"warmupSeconds\":%.3f,\"seconds\":%.3f,\"completed\":%d,\"failed\":%d,"
                        + "\"requestsPerSecond\":%.1f,\"latencyMillis\":"
                        + "{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}}%n",
                config.protocol().configName(),
                config.n(),
                clients,
                requestBytes,
                replyBytes,
                warmupSeconds,
                o.measured().toMillis() / 1e3,
                latencies.getTotalCount(),
                o.failed(),
                o.throughput(),
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(90) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                latencies.getMaxValue() / 1e6);
    }
}
