package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;

/**
 * For how long a replica that rejoins has waited for a checkpoint to become stable, as far as that was up to the primary,
 * which proposes null batches while there is nothing else to order. One that does not would have it wait for ever.
 */
final class CheckpointWait {
    private SequenceNumber stable = SequenceNumber.ZERO;
    private SequenceNumber scheduled = SequenceNumber.ZERO;
    private long ticks;

    /** A new view: its primary gets its time. */
    void startOver() {
        ticks = 0;
    }

    /**
     * A status interval has passed.
     *
     * @param isNeeded whether somebody waits for a checkpoint that is not stable yet
     * @param stableNow the last one that is
     * @param isIdle whether this replica has nothing to execute, and could
     * @param scheduledNow up to where it was ordered, null batches included
     * @return for how many intervals nothing was ordered that could have been
     */
    long onTick(boolean isNeeded, SequenceNumber stableNow, boolean isIdle, SequenceNumber scheduledNow) {
        if (!isNeeded || stableNow.isAfter(stable) || !scheduledNow.equals(scheduled)) {
            ticks = 0;
        } else if (isIdle) {
            ticks++;
        }
        stable = stableNow;
        scheduled = scheduledNow;
        return ticks;
    }
}
