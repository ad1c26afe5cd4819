package dev.quorate.transport.driver;

import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ServiceRunner;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The one thread that touches the service: executes, reads and takes snapshots in the order of the protocol. What a
 * snapshot holds is written by another thread, while the service goes on.
 */
final class ServiceThread {
    private final ServiceRunner service;
    private final Consumer<Event> done;
    private final Consumer<Throwable> failed;

    /** Bounded by the protocol, which executes no further than its window, and admits few reads. */
    private final Queue<Callable<Optional<Event>>> waiting = new ConcurrentLinkedQueue<>();

    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private final ExecutorService snapshots;
    /** The snapshot that is being written, or the last one. For the service's thread only. */
    private Future<?> lastSnapshot = CompletableFuture.completedFuture(null);

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
        this.snapshots = Executors.newSingleThreadExecutor(writer -> {
            Thread snapshotThread = new Thread(writer, name + "-snapshot");
            snapshotThread.setDaemon(true);
            return snapshotThread;
        });
    }

    void start() {
        thread.start();
    }

    /** Whether an effect is for the service. */
    static boolean isFor(Effect effect) {
        return effect instanceof Effect.Execute
                || effect instanceof Effect.Read
                || effect instanceof Effect.Predict
                || effect instanceof Effect.Judge
                || effect instanceof Effect.TakeSnapshot
                || effect instanceof Effect.InstallState;
    }

    /** Has the service do something, after everything before. On any thread. */
    void carryOut(Effect effect) {
        add(step(effect));
    }

    private void add(Callable<Optional<Event>> step) {
        waiting.add(step);
        waiter.signal();
    }

    private Callable<Optional<Event>> step(Effect effect) {
        if (effect instanceof Effect.Execute execute) {
            return () -> Optional.of(service.execute(execute));
        } else if (effect instanceof Effect.Read read) {
            return () -> Optional.of(service.read(read));
        } else if (effect instanceof Effect.Predict predict) {
            return () -> Optional.of(service.predict(predict));
        } else if (effect instanceof Effect.Judge judge) {
            return () -> Optional.of(service.judge(judge));
        } else if (effect instanceof Effect.TakeSnapshot snapshot) {
            return () -> takeSnapshot(snapshot);
        } else if (effect instanceof Effect.InstallState install) {
            return () -> install(install);
        }
        throw new IllegalArgumentException("not for the service: " + effect);
    }

    private Optional<Event> takeSnapshot(Effect.TakeSnapshot effect) throws IOException {
        ServiceRunner.PendingSnapshot pending = service.takeSnapshot(effect);
        try {
            lastSnapshot = snapshots.submit(() -> write(pending));
        } catch (RejectedExecutionException e) {
            // Stopped in this moment.
            pending.close();
        }
        return Optional.empty();
    }

    private void write(ServiceRunner.PendingSnapshot pending) {
        try {
            done.accept(pending.write());
        } catch (Throwable e) {
            failed.accept(e);
        } finally {
            add(() -> {
                pending.close();
                return Optional.empty();
            });
        }
    }

    /** Snapshots of the old state come to their end first. */
    private Optional<Event> install(Effect.InstallState effect) throws Exception {
        lastSnapshot.get();
        return Optional.of(service.install(effect));
    }

    private void run() {
        try {
            while (!stopped) {
                Callable<Optional<Event>> step = waiting.poll();
                if (step == null) {
                    waiter.await(Long.MAX_VALUE, () -> stopped || !waiting.isEmpty());
                } else {
                    step.call().ifPresent(done);
                }
            }
        } catch (Throwable e) {
            // An Error of the service as well: whether others get it, too, is unknown, so this replica may not go on.
            failed.accept(e);
        }
    }

    /** Nothing more is executed after what is being executed. Returns at once. */
    void stop() {
        stopped = true;
        waiter.signal();
        snapshots.shutdownNow();
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
