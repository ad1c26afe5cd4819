package dev.quorate.simulator.node;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A replica's service thread: does one thing after the other, each of which takes its time. A snapshot is taken in this
 * order too, but written while the service goes on.
 */
final class VirtualService {
    /** How long to wait for a snapshot under way, even where writing one takes no time: keeping it does. */
    private static final long WAITING_NANOS = 100_000;

    /** What the service thread tells the replica's thread. */
    interface Listener {
        void done(Event event);

        /** A state is in the store. */
        void stateKept(SequenceNumber at);

        /** The service cannot go on: it cannot write its state, or an Error came out of it. */
        void failed(Throwable cause);
    }

    private final Scheduler scheduler;
    private final Randomness random;
    private final NodeTiming timing;
    private final ServiceRunner runner;
    private final LiveMemory memory;
    /** Runs something unless the replica has crashed since; later, if it is paused. */
    private final Consumer<Runnable> ifAlive;

    private final Listener listener;
    private final Deque<Effect.ForService> waiting = new ArrayDeque<>();
    private boolean busy;
    private int snapshotsUnderWay;
    /** Whether the service hangs in whatever it is doing. */
    private boolean hanging;
    /** What comes to its end once the service does not hang any more. */
    private final Deque<Runnable> hung = new ArrayDeque<>();

    VirtualService(
            Scheduler scheduler,
            Randomness random,
            NodeTiming timing,
            ServiceRunner runner,
            LiveMemory memory,
            Consumer<Runnable> ifAlive,
            Listener listener) {
        this.scheduler = scheduler;
        this.random = random;
        this.timing = timing;
        this.runner = runner;
        this.memory = memory;
        this.ifAlive = ifAlive;
        this.listener = listener;
    }

    /** Has the service do something, after everything before. */
    void give(Effect.ForService effect) {
        waiting.add(effect);
        if (!busy) {
            next();
        }
    }

    /** From now on the service comes to the end of nothing. */
    void hang() {
        hanging = true;
    }

    /** The service goes on. */
    void goOn() {
        hanging = false;
        while (!hanging && !hung.isEmpty()) {
            hung.remove().run();
        }
    }

    private void next() {
        Effect.ForService effect = waiting.poll();
        busy = effect != null;
        if (effect instanceof Effect.Execute execute) {
            step(() -> runner.execute(execute));
        } else if (effect instanceof Effect.Read read) {
            step(() -> runner.read(read));
        } else if (effect instanceof Effect.Predict predict) {
            step(() -> runner.predict(predict));
        } else if (effect instanceof Effect.Judge judge) {
            step(() -> runner.judge(judge));
        } else if (effect instanceof Effect.TakeSnapshot takeSnapshot) {
            takeSnapshot(takeSnapshot);
        } else if (effect instanceof Effect.InstallState install) {
            awaitSnapshots(install);
        }
    }

    private void step(Supplier<Event> work) {
        later(random.between(0, timing.maxExecutionNanos()), () -> {
            Event event;
            try {
                event = work.get();
            } catch (Error e) {
                listener.failed(e); // As in production: whether others get it, too, is unknown.
                return;
            }
            next();
            listener.done(event);
        });
    }

    /** What was given before comes to its end first, snapshots that are being written included. */
    private void awaitSnapshots(Effect.InstallState effect) {
        if (snapshotsUnderWay > 0) {
            later(timing.maxSnapshotNanos(), () -> awaitSnapshots(effect));
            return;
        }
        later(random.between(0, timing.maxSnapshotNanos()), () -> {
            try {
                Event.StateInstalled installed = runner.install(effect);
                memory.attempt(m -> m.keep(effect.sequenceNumber(), effect.image()), () -> {
                    listener.stateKept(effect.sequenceNumber());
                    next();
                    listener.done(installed);
                });
            } catch (IOException e) {
                listener.failed(e);
            }
        });
    }

    /** One at a time, as in production. */
    private void takeSnapshot(Effect.TakeSnapshot effect) {
        if (snapshotsUnderWay > 0) {
            later(WAITING_NANOS + timing.maxSnapshotNanos(), () -> takeSnapshot(effect));
            return;
        }
        try {
            ServiceRunner.PendingSnapshot snapshot = runner.takeSnapshot(effect);
            snapshotsUnderWay++;
            later(random.between(0, timing.maxSnapshotNanos()), () -> write(snapshot));
            next();
        } catch (IOException e) {
            listener.failed(e);
        }
    }

    private void write(ServiceRunner.PendingSnapshot snapshot) {
        try {
            Event.SnapshotTaken taken = snapshot.write();
            snapshot.close();
            memory.attempt(m -> m.keep(taken.sequenceNumber(), taken.image()), () -> {
                listener.stateKept(taken.sequenceNumber());
                snapshotsUnderWay--;
                listener.done(taken);
            });
        } catch (IOException e) {
            listener.failed(e);
        }
    }

    private void later(long nanos, Runnable step) {
        scheduler.after(
                nanos,
                () -> ifAlive.accept(() -> {
                    if (hanging) {
                        hung.add(step);
                    } else {
                        step.run();
                    }
                }));
    }
}
