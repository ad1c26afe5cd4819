package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerPoolTest {
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void replicasGoFirstAndClientsAreNotLockedOut() throws Exception {
        WorkerPool pool = new WorkerPool("test-worker", 1);
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(12);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch busy = new CountDownLatch(1);
        pool.execute(() -> {
            busy.countDown();
            await(gate);
        });
        busy.await();
        for (int i = 0; i < 2; i++) {
            pool.execute(() -> {
                order.add("client");
                done.countDown();
            });
        }
        for (int i = 0; i < 10; i++) {
            pool.executeUrgent(() -> {
                order.add("replica");
                done.countDown();
            });
        }
        gate.countDown();
        done.await();
        assertThat(order.subList(0, 10))
                .containsExactly(
                        "replica", "replica", "replica", "replica", "client", "replica", "replica", "replica",
                        "replica", "client");
        pool.close(10_000);
    }

    @Test
    void aFailingTaskDoesNotEndItsThread() throws Exception {
        WorkerPool pool = new WorkerPool("test-worker", 1);
        CountDownLatch done = new CountDownLatch(1);
        pool.execute(() -> {
            throw new IllegalStateException("a test says so");
        });
        pool.execute(done::countDown);
        done.await();
        pool.close(10_000);
        pool.execute(() -> {
            throw new AssertionError("nothing runs after close");
        });
    }
}
