package dev.quorate.simulator.cli;

import dev.quorate.crypto.Digest;
import dev.quorate.simulator.Coverage;
import dev.quorate.simulator.Simulation;
import dev.quorate.simulator.SimulationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Runs many seeds, several at a time, and adds up what they show. */
final class Campaign {
    /** Failures are kept whole, with their last events; after so many a campaign has said enough, and ends. */
    private static final int MAX_FAILURES = 20;

    private final Supplier<Simulation> simulations;
    private final Progress progress;
    private final Coverage coverage = new Coverage();
    private final SortedMap<Long, SimulationResult> failures = new TreeMap<>();
    private final SortedMap<Long, Digest> digests = new TreeMap<>();
    private double virtualSeconds;
    private long events;
    private long undecided;
    private long realNanos;

    /** Is told how far a campaign is, and of each failure at once: a long campaign may not see its end. */
    interface Progress {
        void report(long runs, int failures, double virtualSeconds, double realSeconds);

        void failed(SimulationResult result);
    }

    Campaign(Supplier<Simulation> simulations, Progress progress) {
        this.simulations = simulations;
        this.progress = progress;
    }

    /** Runs the seeds from {@code first} to {@code last}, {@code jobs} at a time. */
    void run(long first, long last, int jobs) throws InterruptedException {
        long start = System.nanoTime();
        AtomicLong next = new AtomicLong(first);
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                workers.add(threads.submit(() -> work(next, last, start)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
            realNanos = System.nanoTime() - start;
        }
    }

    private void work(AtomicLong next, long last, long start) {
        for (long seed = next.getAndIncrement(); seed <= last; seed = next.getAndIncrement()) {
            SimulationResult result;
            try {
                result = simulations.get().run(seed);
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                throw new IllegalStateException("the simulator itself failed at seed " + seed + ": " + e, e);
            }
            if (!add(seed, result, start)) {
                return;
            }
        }
    }

    /** Whether to go on. */
    private synchronized boolean add(long seed, SimulationResult result, long start) {
        coverage.add(result.coverage());
        virtualSeconds += result.virtualSeconds();
        events += result.events();
        undecided += result.undecided().isEmpty() ? 0 : 1;
        digests.put(seed, result.digest());
        if (!result.holds()) {
            failures.put(seed, result);
            progress.failed(result);
        }
        progress.report(digests.size(), failures.size(), virtualSeconds, (System.nanoTime() - start) / 1e9);
        return failures.size() < MAX_FAILURES;
    }

    Coverage coverage() {
        return coverage;
    }

    /** The runs that broke an invariant, by seed. */
    SortedMap<Long, SimulationResult> failures() {
        return failures;
    }

    long runs() {
        return digests.size();
    }

    long events() {
        return events;
    }

    /** How many runs have something that a checker could not decide. */
    long undecided() {
        return undecided;
    }

    double virtualSeconds() {
        return virtualSeconds;
    }

    double realSeconds() {
        return realNanos / 1e9;
    }

    /** A digest over the digests of all runs: the same for the same seeds, everywhere. */
    Digest digest() {
        return Digest.sha256(digests.values().stream().map(Digest::toArray).toArray(byte[][]::new));
    }
}
