package dev.quorate.sample.kv.cli;

import dev.quorate.core.BftClient;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks all replicas where they stand, and copes with those that do not answer. */
final class StatusProbe {
    /** How long to wait until all are asked again: a question that met no connection is lost. */
    private static final long ROUND_MILLIS = 200;

    private static final long PAUSE_MILLIS = 20;

    private StatusProbe() {}

    /** The latest answers, by replica: returns when all have answered, or else after {@code timeout}. */
    static SortedMap<ReplicaId, ReplicaStatus> ask(BftClient client, Duration timeout) throws InterruptedException {
        SortedMap<ReplicaId, ReplicaStatus> answers = new TreeMap<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Map<ReplicaId, CompletableFuture<ReplicaStatus>> asked = client.inspect();
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            awaitAll(asked, Math.min(left, ROUND_MILLIS));
            asked.forEach((id, answer) -> {
                if (answer.isDone() && !answer.isCompletedExceptionally()) {
                    answers.put(id, answer.join());
                }
            });
            if (answers.size() == asked.size() || System.nanoTime() - deadline >= 0) {
                return answers;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static void awaitAll(Map<ReplicaId, CompletableFuture<ReplicaStatus>> asked, long millis)
            throws InterruptedException {
        CompletableFuture<?>[] all = asked.values().toArray(new CompletableFuture<?>[0]);
        // Whichever fails, the others are waited for.
        for (int i = 0; i < all.length; i++) {
            all[i] = all[i].handle((answer, failure) -> null);
        }
        try {
            CompletableFuture.allOf(all).get(Math.max(1, millis), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Then those that have answered count.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
