package dev.quorate.simulator.node;

import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * A replica's service thread: does one thing after the other, each of which takes its time. A snapshot is taken in this
 * order too, but written while the service goes on.
 */
final class VirtualService {
    /** What the service thread tells the replica's thread. */
    interface Listener {
        void done(Event event);

        /** The service cannot write its state. */
        void failed(IOException cause);
    }

    private final Scheduler scheduler;
    private final Randomness random;
    private final NodeTiming timing;
    private final ServiceRunner runner;
    /** Runs something unless the replica has crashed since; later, if it is paused. */
    private final Consumer<Runnable> ifAlive;

    private final Listener listener;
    private final Deque<Effect> waiting = new ArrayDeque<>();
    private boolean busy;
    private int snapshotsUnderWay;

    VirtualService(
            Scheduler scheduler,
            Randomness random,
            NodeTiming timing,
            ServiceRunner runner,
            Consumer<Runnable> ifAlive,
            Listener listener) {
        this.scheduler = scheduler;
        this.random = random;
        this.timing = timing;
        this.runner = runner;
        this.ifAlive = ifAlive;
        this.listener = listener;
    }

    /** An {@link Effect.Execute}, an {@link Effect.TakeSnapshot} or an {@link Effect.InstallState}. */
    void give(Effect effect) {
        waiting.add(effect);
        if (!busy) {
            next();
        }
    }

    private void next() {
        Effect effect = waiting.poll();
        busy = effect != null;
        if (effect instanceof Effect.Execute execute) {
            later(random.between(0, timing.maxExecutionNanos()), () -> {
                Event.Executed executed = runner.execute(execute);
                next();
                listener.done(executed);
            });
        } else if (effect instanceof Effect.TakeSnapshot takeSnapshot) {
            takeSnapshot(takeSnapshot);
        } else if (effect instanceof Effect.InstallState install) {
            awaitSnapshots(install);
        }
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
                next();
                listener.done(installed);
            } catch (IOException e) {
                listener.failed(e);
            }
        });
    }

    private void takeSnapshot(Effect.TakeSnapshot effect) {
        try {
            Event.SnapshotTaken snapshot = runner.takeSnapshot(effect);
            snapshotsUnderWay++;
            later(random.between(0, timing.maxSnapshotNanos()), () -> {
                snapshotsUnderWay--;
                listener.done(snapshot);
            });
            next();
        } catch (IOException e) {
            listener.failed(e);
        }
    }

    private void later(long nanos, Runnable step) {
        scheduler.after(nanos, () -> ifAlive.accept(step));
    }
}
