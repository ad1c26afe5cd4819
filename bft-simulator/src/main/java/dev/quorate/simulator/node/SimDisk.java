package dev.quorate.simulator.node;

import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A replica's disk. What is synced stays; of what is not, a crash leaves a prefix of random length, as a power failure
 * does, and perhaps a part of the record after it. Not thread-safe.
 */
public final class SimDisk {
    /** What is written as a whole or not at all. Far less than with a real disk, because records are small too. */
    private static final int SECTOR_BYTES = 64;

    private static final double TEARING_CHANCE = 0.5;
    private static final int MAX_DAMAGED_BYTES = 8;

    private final Scheduler scheduler;
    private final Randomness random;
    private final Randomness damage;
    private final long maxSyncNanos;
    private final List<Bytes> records = new ArrayList<>();
    private int synced;
    private int crashes;
    private int slowness = 1;
    private boolean failing;
    private boolean tearing;
    /** What happens in the middle of the next write; null for nothing. */
    private Runnable powerFailure;

    /** How a sync ended. */
    public interface Completion {
        /** {@code durable} is false if the disk failed: what was to be synced may be lost. */
        void completed(boolean durable);
    }

    /**
     * An empty disk.
     *
     * @param damage decides about torn writes and damaged bytes: a stream of its own, so that a run in which there are
     *     none stays as it is
     */
    SimDisk(Scheduler scheduler, Randomness random, Randomness damage, long maxSyncNanos) {
        this.scheduler = scheduler;
        this.random = random;
        this.damage = damage;
        this.maxSyncNanos = maxSyncNanos;
    }

    void append(Bytes record) {
        records.add(record);
    }

    /** Makes everything durable that was appended so far, and says so some time later. */
    void sync(Completion completion) {
        int upTo = records.size();
        int crashesBefore = crashes;
        long duration = random.between(0, maxSyncNanos) * slowness;
        if (powerFailure != null) {
            scheduler.after(damage.between(0, duration), powerFailure);
            powerFailure = null;
        }
        scheduler.after(duration, () -> {
            if (crashes != crashesBefore) {
                return;
            }
            if (!failing) {
                synced = Math.max(synced, upTo);
            }
            completion.completed(!failing);
        });
    }

    /** The power fails. Returns whether a write was torn: a part of a record that was never synced is on the disk. */
    boolean crash() {
        crashes++;
        int kept = synced + random.below(records.size() - synced + 1);
        boolean torn = tearing && kept < records.size() && damage.chance(TEARING_CHANCE);
        if (torn) {
            records.set(kept, torn(records.get(kept)));
            kept++;
        }
        records.subList(kept, records.size()).clear();
        synced = kept;
        return torn;
    }

    /** What is left of a record of which not everything was written: a prefix, or some sectors, the others zero. */
    private Bytes torn(Bytes record) {
        byte[] bytes = record.toArray();
        if (damage.chance(0.5)) {
            return Bytes.wrap(Arrays.copyOf(bytes, damage.below(bytes.length + 1)));
        }
        for (int at = 0; at < bytes.length; at += SECTOR_BYTES) {
            if (damage.chance(0.5)) {
                Arrays.fill(bytes, at, Math.min(at + SECTOR_BYTES, bytes.length), (byte) 0);
            }
        }
        return Bytes.wrap(bytes);
    }

    /** Damages some bytes of one record, synced or not; false if nothing is stored. */
    public boolean corrupt() {
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).length() > 0) {
                candidates.add(i);
            }
        }
        if (candidates.isEmpty()) {
            return false;
        }
        int record = damage.pick(candidates);
        byte[] bytes = records.get(record).toArray();
        int first = damage.below(bytes.length);
        int end = Math.min(bytes.length, first + damage.between(1, MAX_DAMAGED_BYTES));
        for (int at = first; at < end; at++) {
            bytes[at] ^= (byte) damage.between(1, 255);
        }
        records.set(record, Bytes.wrap(bytes));
        return true;
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

    /**
     * Lets {@code crash} happen in the middle of the next write, and any crash from now on leave a part of a record that
     * was not synced.
     */
    public void tearNextWrite(Runnable crash) {
        tearing = true;
        powerFailure = crash;
    }

    /** Undoes {@link #tearNextWrite}, as far as it has not happened. */
    public void tearNoMore() {
        tearing = false;
        powerFailure = null;
    }
}
