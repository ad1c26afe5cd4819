package dev.quorate.transport.driver;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread wait for work that any number of threads bring. Bringing work to a thread that is awake costs one read
 * of a field, and nobody is woken twice.
 */
final class Waiter {
    private volatile Thread sleeper;

    /** There is work: call this after it can be seen. */
    void signal() {
        Thread thread = sleeper;
        if (thread != null) {
            sleeper = null;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Waits until signalled, or {@code nanos} have passed; returns at once if there is work. May return early.
     *
     * @param hasWork what {@link #signal} announces
     */
    void await(long nanos, BooleanSupplier hasWork) {
        // Announced before the check, so that whoever brings work after the check sees that it has to signal.
        sleeper = Thread.currentThread();
        if (nanos > 0 && !hasWork.getAsBoolean()) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
    }
}
