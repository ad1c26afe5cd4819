package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Load from clients each of which sends its next request when it has the result of its last one. */
final class ClosedLoop {
    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final List<KvClient> clients;
    private final Bytes padding;
    private final int resultBytes;

    private final Recorder latencies = new Recorder(MAX_LATENCY_NANOS, 3);
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicInteger running = new AtomicInteger();
    private final CompletableFuture<Void> allStopped = new CompletableFuture<>();

    private long measureFrom;
    private long measureUntil;
    private volatile Throwable lastFailure;

    /**
     * What was measured: requests that were sent and answered within the period of measurement.
     *
     * @param latencies in nanoseconds
     * @param failed requests that ended without a result, at any time
     */
    record Outcome(Duration measured, Histogram latencies, long failed, Throwable lastFailure) {
        double throughput() {
            return latencies.getTotalCount() / (measured.toNanos() / 1e9);
        }
    }

    ClosedLoop(List<KvClient> clients, int requestBytes, int resultBytes) {
        this.clients = clients;
        this.padding = Bytes.wrap(new byte[requestBytes]);
        this.resultBytes = resultBytes;
    }

    /** Runs it once, and says every second how it goes. */
    Outcome run(Duration warmup, Duration measured, Progress progress) throws InterruptedException {
        long start = System.nanoTime();
        measureFrom = start + warmup.toNanos();
        measureUntil = measureFrom + measured.toNanos();
        running.set(clients.size());
        clients.forEach(this::next);
        report(start, warmup, progress);
        // The last requests end by themselves, with a result or with the client's timeout.
        allStopped.join();
        return new Outcome(measured, latencies.getIntervalHistogram(), failed.sum(), lastFailure);
    }

    private void next(KvClient client) {
        long sent = System.nanoTime();
        if (sent - measureUntil >= 0) {
            stop();
            return;
        }
        // Nobody waits for this future: both ends of a request lead to the next one.
        CompletableFuture<Void> unused = client.noop(padding, resultBytes).whenComplete((result, failure) -> {
            count(sent, failure);
            next(client);
        });
    }

    private void count(long sent, Throwable failure) {
        long received = System.nanoTime();
        if (failure != null) {
            failed.increment();
            lastFailure = failure;
            return;
        }
        completed.increment();
        if (sent - measureFrom >= 0 && received - measureUntil < 0) {
            latencies.recordValue(Math.min(received - sent, MAX_LATENCY_NANOS));
        }
    }

    private void stop() {
        if (running.decrementAndGet() == 0) {
            allStopped.complete(null);
        }
    }

    private void report(long start, Duration warmup, Progress progress) throws InterruptedException {
        long before = 0;
        for (long second = 1; ; second++) {
            long left = start + TimeUnit.SECONDS.toNanos(second) - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.min(left, measureUntil - System.nanoTime()));
            if (System.nanoTime() - measureUntil >= 0) {
                return;
            }
            long now = completed.sum();
            progress.say(String.format(
                    "%3d s  %s  %d requests/s, %d failed",
                    second, second <= warmup.toSeconds() ? "warm-up  " : "measuring", now - before, failed.sum()));
            before = now;
        }
    }
}
