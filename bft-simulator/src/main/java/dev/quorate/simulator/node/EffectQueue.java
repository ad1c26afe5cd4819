package dev.quorate.simulator.node;

import dev.quorate.core.smr.Effect;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies effects in their order. What follows a record waits until that is on disk; one sync serves all records that
 * wait when it starts.
 */
final class EffectQueue {
    private final SimDisk disk;
    private final Consumer<Effect> apply;
    private final Consumer<Runnable> ifAlive;
    private final Runnable diskFailed;
    private final Deque<Effect> queue = new ArrayDeque<>();
    /** How many of the first records in the queue are on disk. */
    private int durable;

    private boolean syncing;
    private boolean advancing;

    EffectQueue(SimDisk disk, Consumer<Effect> apply, Consumer<Runnable> ifAlive, Runnable diskFailed) {
        this.disk = disk;
        this.apply = apply;
        this.ifAlive = ifAlive;
        this.diskFailed = diskFailed;
    }

    void add(List<Effect> effects) {
        queue.addAll(effects);
        advance();
    }

    /** The replica has crashed: nothing that waits happens any more. */
    void clear() {
        queue.clear();
    }

    private void advance() {
        if (advancing) {
            return; // Applying an effect led to more of them: the loop below takes them in their turn.
        }
        advancing = true;
        while (!queue.isEmpty() && !(queue.peek() instanceof Effect.Persist && durable == 0)) {
            Effect effect = queue.remove();
            if (effect instanceof Effect.Persist) {
                durable--;
            } else {
                apply.accept(effect);
            }
        }
        advancing = false;
        if (!queue.isEmpty() && !syncing) {
            sync();
        }
    }

    private void sync() {
        int records = 0;
        for (Effect effect : queue) {
            if (effect instanceof Effect.Persist persist) {
                disk.append(persist.record());
                records++;
            }
        }
        syncing = true;
        int synced = records;
        disk.sync(isDurable -> ifAlive.accept(() -> {
            syncing = false;
            if (isDurable) {
                durable = synced;
                advance();
            } else {
                diskFailed.run();
            }
        }));
    }
}
