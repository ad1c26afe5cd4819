package dev.quorate.simulator.disk;

import dev.quorate.simulator.kernel.Randomness;
import java.io.IOException;

/** What goes wrong on a {@link SimulatedDisk}, and how long it takes. Not thread-safe. */
public final class DiskFaults {
    private static final long USUAL_SYNC_NANOS = 200_000;

    private final Randomness random;
    private long capacity = Long.MAX_VALUE;
    private long goodSyncs = Long.MAX_VALUE;
    private boolean misdirecting;
    private boolean misdirected;
    private long maxSyncNanos = USUAL_SYNC_NANOS;
    private int slowness = 1;
    private long busyNanos;

    DiskFaults(Randomness random) {
        this.random = random;
    }

    /** How many bytes all files together may have. */
    public void setCapacity(long bytes) {
        capacity = bytes;
    }

    /** Lets every sync fail after so many good ones; {@link Long#MAX_VALUE} for none. */
    public void failSyncsAfter(long count) {
        goodSyncs = count;
    }

    /** Sends the next write of at least one entry to a wrong place of the same file. */
    public void misdirectNextWrite() {
        misdirecting = true;
    }

    boolean isLimited() {
        return capacity != Long.MAX_VALUE;
    }

    /** How long a sync takes at most. */
    public void setMaxSyncNanos(long nanos) {
        maxSyncNanos = nanos;
    }

    /** Makes every sync slower by a factor; 1 is the usual speed. */
    public void setSlowness(int factor) {
        slowness = factor;
    }

    /** How long the syncs since the last call would have taken, in nanoseconds: for whoever lets virtual time pass. */
    public long takeBusyNanos() {
        long nanos = busyNanos;
        busyNanos = 0;
        return nanos;
    }

    boolean syncFails() {
        busyNanos += random.between(maxSyncNanos / 2, maxSyncNanos) * slowness;
        if (goodSyncs != Long.MAX_VALUE) {
            goodSyncs--;
        }
        return goodSyncs < 0;
    }

    void take(long used, long more) throws IOException {
        if (more > 0 && used + more > capacity) {
            throw new IOException("No space left on device");
        }
    }

    /** Whether a write has gone to a wrong place since this was last asked. */
    public boolean takeMisdirected() {
        boolean was = misdirected;
        misdirected = false;
        return was;
    }

    /** Where a write goes that is meant to go to {@code position}. */
    long place(long position, int size, int length) {
        if (!misdirecting || size - length < Content.SECTOR_BYTES) {
            return position;
        }
        misdirecting = false;
        misdirected = true;
        long elsewhere = (position + Content.SECTOR_BYTES) % (size - length);
        return elsewhere / 8 * 8;
    }
}
