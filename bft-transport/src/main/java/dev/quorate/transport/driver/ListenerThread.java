package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaListener;
import dev.quorate.transport.channel.LogThrottle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a listener on a thread of its own, so that nothing it does holds up the replica. */
final class ListenerThread {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerThread.class);

    private final String name;
    private final ReplicaListener listener;
    private final int capacity;
    private final Queue<Consumer<ReplicaListener>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final LongAdder leftOut = new LongAdder();
    private final LogThrottle failures = new LogThrottle();
    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private volatile boolean ending;

    /** Calls left out since the last one that was not. Only for whoever posts. */
    private long missed;

    ListenerThread(String name, ReplicaListener listener, int capacity) {
        this.name = name;
        this.listener = listener;
        this.capacity = capacity;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has the listener called soon, unless too many calls wait already. From one thread at a time. */
    void post(Consumer<ReplicaListener> call) {
        // The call itself, and where calls were left out before it.
        if (size.get() + 2 > capacity) {
            missed++;
            leftOut.increment();
            return;
        }
        if (missed > 0) {
            long calls = missed;
            missed = 0;
            add(late -> late.missed(calls));
        }
        add(call);
    }

    private void add(Consumer<ReplicaListener> call) {
        size.incrementAndGet();
        waiting.add(call);
        waiter.signal();
    }

    /** How many calls were left out so far. On any thread. */
    long leftOut() {
        return leftOut.sum();
    }

    /** After the calls that wait comes the last one. Returns at once. From the thread that posts. */
    void end() {
        if (missed > 0) {
            long calls = missed;
            add(late -> late.missed(calls));
        }
        add(ReplicaListener::stopped);
        ending = true;
        waiter.signal();
    }

    private void run() {
        while (true) {
            // Read first: whatever was posted before the end is seen below.
            boolean last = ending;
            Consumer<ReplicaListener> call = waiting.poll();
            if (call != null) {
                size.decrementAndGet();
                carryOut(call);
            } else if (last) {
                return;
            } else {
                waiter.await(Long.MAX_VALUE, () -> ending || !waiting.isEmpty());
            }
        }
    }

    private void carryOut(Consumer<ReplicaListener> call) {
        try {
            call.accept(listener);
        } catch (Throwable e) {
            failures.log(note -> LOG.warn("{}: the listener failed{}", name, note, e));
        }
    }

    /**
     * Waits until the thread has ended, interrupting a listener that takes too long and leaving out what it has not been
     * told yet.
     *
     * @return whether it has
     */
    boolean join(long timeoutMillis) throws InterruptedException {
        if (thread == Thread.currentThread()) {
            return true;
        }
        thread.join(timeoutMillis);
        if (thread.isAlive()) {
            waiting.clear();
            thread.interrupt();
            thread.join(timeoutMillis);
        }
        return !thread.isAlive();
    }
}
