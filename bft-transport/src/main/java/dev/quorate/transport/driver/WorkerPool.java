package dev.quorate.transport.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few threads for short tasks of two kinds. What replicas sent goes before what clients sent, so that many clients do
 * not slow down agreement; but every few tasks of replicas one of a client gets its turn, so that a faulty replica does
 * not lock clients out. Thread-safe.
 *
 * <p>Whoever submits bounds how much: here nothing is refused.
 */
final class WorkerPool {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final int URGENT_IN_A_ROW = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition submitted = lock.newCondition();
    private final Deque<Runnable> urgent = new ArrayDeque<>();
    private final Deque<Runnable> normal = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private int urgentInARow;
    private int idle;
    private boolean closed;

    WorkerPool(String name, int size) {
        for (int i = 0; i < size; i++) {
            Thread thread = new Thread(this::work, name + "-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /** For what replicas sent. Ignored once the pool is closed. */
    void executeUrgent(Runnable task) {
        submit(urgent, task);
    }

    /** For everything else. Ignored once the pool is closed. */
    void execute(Runnable task) {
        submit(normal, task);
    }

    private void submit(Deque<Runnable> queue, Runnable task) {
        lock.lock();
        try {
            if (!closed) {
                queue.add(task);
                if (idle > 0) {
                    submitted.signal();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Runnable task = take(); task != null; task = take()) {
            try {
                task.run();
            } catch (Throwable e) {
                // Errors too: the others' tasks need this thread.
                LOG.error("A task failed unexpectedly", e);
            }
        }
    }

    /** The next task; null once the pool is closed. */
    private Runnable take() {
        lock.lock();
        try {
            while (!closed && urgent.isEmpty() && normal.isEmpty()) {
                idle++;
                submitted.awaitUninterruptibly();
                idle--;
            }
            if (closed) {
                return null;
            }
            boolean takeUrgent = !urgent.isEmpty() && (normal.isEmpty() || urgentInARow < URGENT_IN_A_ROW);
            urgentInARow = takeUrgent ? urgentInARow + 1 : 0;
            return takeUrgent ? urgent.remove() : normal.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Stops the threads after their current tasks, drops what waits, and waits for them for at most that long. */
    void close(long timeoutMillis) throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            urgent.clear();
            normal.clear();
            submitted.signalAll();
        } finally {
            lock.unlock();
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        for (Thread thread : threads) {
            if (thread != Thread.currentThread()) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        }
    }
}
