package dev.quorate.simulator.node;

import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.util.ArrayList;
import java.util.List;

/**
 * A replica's disk. What is synced stays; of what is not, a crash leaves a prefix of random length, as a power failure
 * does. Not thread-safe.
 */
public final class SimDisk {
    private final Scheduler scheduler;
    private final Randomness random;
    private final long maxSyncNanos;
    private final List<Bytes> records = new ArrayList<>();
    private int synced;
    private int crashes;
    private int slowness = 1;
    private boolean failing;

    /** How a sync ended. */
    public interface Completion {
        /** {@code durable} is false if the disk failed: what was to be synced may be lost. */
        void completed(boolean durable);
    }

    SimDisk(Scheduler scheduler, Randomness random, long maxSyncNanos) {
        this.scheduler = scheduler;
        this.random = random;
        this.maxSyncNanos = maxSyncNanos;
    }

    void append(Bytes record) {
        records.add(record);
    }

    /** Makes everything durable that was appended so far, and says so some time later. */
    void sync(Completion completion) {
        int upTo = records.size();
        int crashesBefore = crashes;
        scheduler.after(random.between(0, maxSyncNanos) * slowness, () -> {
            if (crashes != crashesBefore) {
                return;
            }
            if (!failing) {
                synced = Math.max(synced, upTo);
            }
            completion.completed(!failing);
        });
    }

    /** The power fails. */
    void crash() {
        crashes++;
        int kept = synced + random.below(records.size() - synced + 1);
        records.subList(kept, records.size()).clear();
        synced = kept;
    }

    /** The disk is replaced by an empty one. */
    void wipe() {
        records.clear();
        synced = 0;
    }

    /** What is on it, oldest first: all that a replica has when it starts. */
    public List<Bytes> records() {
        return List.copyOf(records.subList(0, synced));
    }

    /** Makes every sync slower by a factor; 1 is the usual speed. */
    public void setSlowness(int factor) {
        slowness = factor;
    }

    /** Makes every sync fail, or work again. */
    public void setFailing(boolean failing) {
        this.failing = failing;
    }
}
