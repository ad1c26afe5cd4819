package dev.quorate.simulator.node;

import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Effect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies effects in their order. What follows a record waits until that is on disk; one sync serves all records that
 * wait when it starts.
 */
final class EffectQueue {
    private final LiveMemory memory;
    private final Consumer<Effect> apply;
    private final Consumer<List<Effect.Persist>> persisted;
    private final Deque<Effect> queue = new ArrayDeque<>();
    /** How many of the first records in the queue are on disk. */
    private int durable;

    private boolean waiting;
    private boolean advancing;

    /** @param persisted gets to know what is on disk from now on */
    EffectQueue(LiveMemory memory, Consumer<Effect> apply, Consumer<List<Effect.Persist>> persisted) {
        this.memory = memory;
        this.apply = apply;
        this.persisted = persisted;
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
        while (!queue.isEmpty() && !waiting) {
            if (queue.peek() instanceof Effect.Persist && durable == 0) {
                persist();
                continue;
            }
            Effect effect = queue.remove();
            if (effect instanceof Effect.Persist) {
                durable--;
            } else if (effect instanceof Effect.Discard discard) {
                await(store -> store.carryOut(discard), () -> {});
            } else if (effect instanceof Effect.AcceptUsig accepted) {
                await(store -> store.note(accepted), () -> apply.accept(effect));
            } else if (effect instanceof Effect.EndRejoin) {
                await(ReplicaMemory::endRejoin, () -> apply.accept(effect));
            } else {
                apply.accept(effect);
            }
        }
        advancing = false;
    }

    private void persist() {
        List<Effect.Persist> records = new ArrayList<>();
        for (Effect effect : queue) {
            if (effect instanceof Effect.Persist record) {
                records.add(record);
            }
        }
        await(store -> store.persist(records), () -> {
            durable = records.size();
            persisted.accept(records);
        });
    }

    private void await(LiveMemory.Deed deed, Runnable then) {
        waiting = true;
        memory.attempt(deed, () -> {
            waiting = false;
            then.run();
            advance();
        });
    }
}
