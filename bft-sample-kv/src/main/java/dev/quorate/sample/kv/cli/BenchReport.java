package dev.quorate.sample.kv.cli;

import dev.quorate.core.ClusterConfig;
import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What {@code kv bench} prints at its end. */
record BenchReport(ClusterConfig config, Bench bench, ClosedLoop.Outcome outcome) {

    void printText(PrintWriter out) {
        Histogram latencies = outcome.latencies();
        out.printf(
                Locale.ROOT,
                "%s, %d replicas; %d clients, closed loop; requests of %d bytes, replies of %d; "
                        + "%.1f s after %.1f s of warm-up%n",
                config.protocol().configName()
                        + config.usig()
                                .map(usig -> " (usig " + usig.provider() + " " + usig.settings() + ")")
                                .orElse("")
                        + bench.durability()
                                .map(mode -> ", " + DurabilityName.nameOf(mode))
                                .orElse(""),
                config.n(),
                bench.clients(),
                bench.requestBytes(),
                bench.replyBytes(),
                outcome.measured().toMillis() / 1e3,
                bench.warmup().toMillis() / 1e3);
        out.printf(
                Locale.ROOT,
                "throughput  %,.0f requests/s (%d in all)%n",
                outcome.throughput(),
                latencies.getTotalCount());
        out.printf(
                "latency     p50 %s, p90 %s, p99 %s, max %s%n",
                Seconds.showMillis(latencies.getValueAtPercentile(50)),
                Seconds.showMillis(latencies.getValueAtPercentile(90)),
                Seconds.showMillis(latencies.getValueAtPercentile(99)),
                Seconds.showMillis(latencies.getMaxValue()));
        out.printf("failed      %d%n", outcome.failed());
    }

    void printJson(PrintWriter out) {
        Histogram latencies = outcome.latencies();
        out.printf(
                Locale.ROOT,
                "{\"protocol\":\"%s\",\"durability\":%s,\"replicas\":%d,\"clients\":%d,\"requestBytes\":%d,\"replyBytes\":%d,"
                        + "\"warmupSeconds\":%.3f,\"seconds\":%.3f,\"completed\":%d,\"failed\":%d,"
                        + "\"requestsPerSecond\":%.1f,\"latencyMillis\":"
                        + "{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}}%n",
                config.protocol().configName(),
                bench.durability()
                        .map(mode -> '"' + DurabilityName.nameOf(mode) + '"')
                        .orElse("null"),
                config.n(),
                bench.clients(),
                bench.requestBytes(),
                bench.replyBytes(),
                bench.warmup().toMillis() / 1e3,
                outcome.measured().toMillis() / 1e3,
                latencies.getTotalCount(),
                outcome.failed(),
                outcome.throughput(),
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(90) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                latencies.getMaxValue() / 1e6);
    }
}
