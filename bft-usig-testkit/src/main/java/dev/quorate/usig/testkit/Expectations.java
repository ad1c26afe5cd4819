package dev.quorate.usig.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.UsigVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What several parts of the contract expect. */
final class Expectations {
    private Expectations() {}

    /** The same counters for the same messages, and all verify. Certificates need not be the same bytes. */
    static void assertSame(UsigVerifier verifier, List<IssuedUi> again, List<IssuedUi> first) {
        assertThat(numbered(again)).isEqualTo(numbered(first));
        assertThat(again).allMatch(issued -> verifier.verify(issued.message(), issued.ui()));
    }

    private static List<String> numbered(List<IssuedUi> issued) {
        return issued.stream()
                .map(one -> "epoch " + one.ui().epoch() + ", counter "
                        + one.ui().counter() + " for " + one.message().toHex())
                .toList();
    }

    /** Runs tasks at the same time, each in a thread of its own, and returns what they return. */
    static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("one of several threads: " + e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
