package dev.quorate.transport.driver;

import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ServiceRunner;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that touches the service: executes, reads and takes snapshots in the order of the protocol. What a
 * snapshot holds is written by another thread, while the service goes on; but only one at a time, so that the service has
 * no more than one view open: one that cannot write its state within a checkpoint interval slows its replica down.
 */
final class ServiceThread {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceThread.class);
    private static final long LONGEST_FAREWELL_SECONDS = 10;

    private final ServiceRunner service;
    private final Persistence persistence;
    private final StoreUse storeUse = new StoreUse();
    private final Consumer<Event> done;
    private final Consumer<Throwable> failed;

    /** Bounded by the protocol, which executes no further than its window, and admits few reads. */
    private final Queue<Callable<Optional<Event>>> waiting = new ConcurrentLinkedQueue<>();

    private final Waiter waiter = new Waiter();
    private final Thread thread;
    private final ExecutorService snapshots;
    private volatile Thread snapshotThread;
    /** The snapshot that is not closed yet, and its being written; null if there is none. For the service's thread only. */
    private ServiceRunner.PendingSnapshot openSnapshot;

    private Future<?> writing;

    private volatile boolean stopped;

    /**
     * @param persistence keeps the service's states
     * @param done gets what the service did
     * @param failed gets what the service cannot go on after; nothing is executed any more
     */
    ServiceThread(
            String name,
            ServiceRunner service,
            Persistence persistence,
            Consumer<Event> done,
            Consumer<Throwable> failed) {
        this.service = service;
        this.persistence = persistence;
        this.done = done;
        this.failed = failed;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        this.snapshots = Executors.newSingleThreadExecutor(writer -> {
            snapshotThread = new Thread(writer, name + "-snapshot");
            snapshotThread.setDaemon(true);
            return snapshotThread;
        });
    }

    void start() {
        thread.start();
    }

    /** Has the service do something, after everything before. On any thread. */
    void carryOut(Effect.ForService effect) {
        add(step(effect));
    }

    private void add(Callable<Optional<Event>> step) {
        waiting.add(step);
        waiter.signal();
    }

    private Callable<Optional<Event>> step(Effect.ForService effect) {
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

    private Optional<Event> takeSnapshot(Effect.TakeSnapshot effect) throws Exception {
        awaitSnapshot();
        ServiceRunner.PendingSnapshot pending = service.takeSnapshot(effect);
        openSnapshot = pending;
        writing = snapshots.submit(() -> write(pending));
        return Optional.empty();
    }

    private void write(ServiceRunner.PendingSnapshot pending) {
        try {
            if (!stopped) {
                Event.SnapshotTaken taken = pending.write();
                storeUse.run(() -> persistence.keep(taken.sequenceNumber(), taken.image()));
                done.accept(taken);
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            add(() -> {
                // If the service's thread has not waited for it meanwhile, it is still this one.
                if (pending.equals(openSnapshot)) {
                    awaitSnapshot();
                }
                return Optional.empty();
            });
        }
    }

    /** Waits until the snapshot is written that is being written, if there is one, and closes it. */
    private void awaitSnapshot() throws InterruptedException, ExecutionException {
        if (openSnapshot != null) {
            writing.get();
            ServiceRunner.PendingSnapshot written = openSnapshot;
            openSnapshot = null;
            written.close();
        }
    }

    /** A snapshot of the old state comes to its end first. */
    private Optional<Event> install(Effect.InstallState effect) throws Exception {
        awaitSnapshot();
        Event.StateInstalled installed = service.install(effect);
        storeUse.run(() -> persistence.keep(effect.sequenceNumber(), effect.image()));
        return Optional.of(installed);
    }

    /** Of what was cut short because the replica stops, nobody has to know. */
    private void fail(Throwable cause) {
        if (!stopped) {
            failed.accept(cause);
        }
    }

    private void run() {
        try {
            carryOutAll();
        } finally {
            end();
        }
    }

    /** The service is left alone only once nobody writes its state any more. */
    private void end() {
        endSnapshots();
        try {
            if (snapshots.awaitTermination(LONGEST_FAREWELL_SECONDS, TimeUnit.SECONDS) && openSnapshot != null) {
                openSnapshot.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The service could not close its view", e);
        }
    }

    private void carryOutAll() {
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
            fail(e);
        }
    }

    /** Nothing more is executed after what is being executed. Returns at once. */
    void stop() {
        stopped = true;
        waiter.signal();
        endSnapshots();
    }

    private void endSnapshots() {
        stopped = true; // One that begins nevertheless does nothing.
        snapshots.shutdown();
        Thread writer = snapshotThread;
        if (writer != null) {
            storeUse.interrupt(writer);
        }
    }

    /** From now on the service's threads leave the store alone; returns whether they do already. */
    boolean leaveStore(long timeoutMillis) throws InterruptedException {
        return storeUse.end(timeoutMillis);
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
            storeUse.interrupt(thread);
            thread.join(timeoutMillis);
        }
        return !thread.isAlive();
    }
}
