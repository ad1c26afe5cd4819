package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;

/** Decides when to say that a window is used up and does not move. */
final class StallAlarm {
    /** Between two status intervals of a busy replica and an idle one: seconds, by default. */
    private static final int PATIENCE_TICKS = 20;

    private SequenceNumber low = SequenceNumber.ZERO;
    private int ticks;

    /**
     * A status interval has passed.
     *
     * @param lowNow the last stable checkpoint
     * @param usedUp whether everything after it that may be ordered has been executed
     * @return whether it is time to say so, for the first time or again
     */
    boolean onTick(SequenceNumber lowNow, boolean usedUp) {
        boolean stuck = usedUp && lowNow.equals(low);
        ticks = stuck ? ticks + 1 : 0;
        low = lowNow;
        return stuck && ticks % PATIENCE_TICKS == 0;
    }
}
