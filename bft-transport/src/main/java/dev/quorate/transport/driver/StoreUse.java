package dev.quorate.transport.driver;

import dev.quorate.core.storage.StoreException;
import java.util.concurrent.TimeUnit;

/**
 * Who uses the store, of threads that may be interrupted otherwise: an interrupt would close the store's files. One thread
 * at a time uses it. Thread-safe.
 */
final class StoreUse {
    /** Something that is done with the store. */
    @FunctionalInterface
    interface Action {
        void run() throws StoreException;
    }

    private Thread user;
    private boolean ended;

    /**
     * Uses the store, without being interrupted.
     *
     * @throws InterruptedException if this thread has been interrupted, or nobody may use the store any more
     */
    void run(Action action) throws StoreException, InterruptedException {
        begin();
        try {
            action.run();
        } finally {
            leave();
        }
    }

    private synchronized void begin() throws InterruptedException {
        if (ended || Thread.interrupted()) {
            throw new InterruptedException();
        }
        user = Thread.currentThread();
    }

    private synchronized void leave() {
        user = null;
        notifyAll();
    }

    /** Interrupts a thread, unless it uses the store: then it will find out by itself that it has to end. */
    synchronized void interrupt(Thread thread) {
        if (!thread.equals(user)) {
            thread.interrupt();
        }
    }

    /** From now on nobody begins to use the store; returns whether nobody does any more. */
    synchronized boolean end(long timeoutMillis) throws InterruptedException {
        ended = true;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (user != null) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
