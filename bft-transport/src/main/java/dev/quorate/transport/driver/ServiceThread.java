package dev.quorate.transport.driver;

import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ServiceRunner;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** The one thread that touches the service: executes and takes snapshots in the order of the protocol. */
final class ServiceThread {
    private final ServiceRunner service;
    private final Consumer<Event> done;
    private final Consumer<Throwable> failed;

    /** Bounded by the protocol, which executes no further than its window. */
    private final Queue<Effect> waiting = new ConcurrentLinkedQueue<>();

    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * @param done gets what the service did
     * @param failed gets what the service cannot go on after; nothing is executed any more
     */
    ServiceThread(String name, ServiceRunner service, Consumer<Event> done, Consumer<Throwable> failed) {
        this.service = service;
        this.done = done;
        this.failed = failed;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void execute(Effect.Execute effect) {
        add(effect);
    }

    void takeSnapshot(Effect.TakeSnapshot effect) {
        add(effect);
    }

    void install(Effect.InstallState effect) {
        add(effect);
    }

    private void add(Effect effect) {
        waiting.add(effect);
        waiter.signal();
    }

    private void run() {
        try {
            while (!stopped) {
                Effect effect = waiting.poll();
                if (effect == null) {
                    waiter.await(Long.MAX_VALUE, () -> stopped || !waiting.isEmpty());
                } else {
                    done.accept(carryOut(effect));
                }
            }
        } catch (Throwable e) {
            // An Error of the service as well: whether others get it, too, is unknown, so this replica may not go on.
            failed.accept(e);
        }
    }

    private Event carryOut(Effect effect) throws IOException {
        if (effect instanceof Effect.Execute execute) {
            return service.execute(execute);
        } else if (effect instanceof Effect.TakeSnapshot snapshot) {
            return service.takeSnapshot(snapshot);
        } else if (effect instanceof Effect.InstallState install) {
            return service.install(install);
        }
        throw new IllegalArgumentException("not for the service: " + effect);
    }

    /** Nothing more is executed after what is being executed. Returns at once. */
    void stop() {
        stopped = true;
        waiter.signal();
    }

    /**
     * Waits until the thread has ended, interrupting a service that takes too long.
     *
     * @return whether it has
     */
    boolean join(long timeoutMillis) throws InterruptedException {
        if (thread == Thread.currentThread()) {
            return true;
        }
        thread.join(timeoutMillis);
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(timeoutMillis);
        }
        return !thread.isAlive();
    }
}
