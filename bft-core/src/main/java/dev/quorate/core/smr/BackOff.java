package dev.quorate.core.smr;

/**
 * When to do something again that has not helped yet: after one status interval, then after two, four and so on. What is
 * repeated may be on its way already, in a queue that is long because there is too much traffic. Not thread-safe.
 */
public final class BackOff {
    private final long longestTicks;
    private long gap = 1;
    private long ticks;

    /** @param longestTicks the longest time between two repetitions, in status intervals; at least 1 */
    public BackOff(long longestTicks) {
        this.longestTicks = longestTicks;
    }

    /** It was done for another reason: the time to the next repetition begins again. */
    void restart() {
        ticks = 0;
    }

    /**
     * A status interval has passed: whether it is time to repeat.
     *
     * @param changed whether there has been progress, or what is lacked is something else now: the gaps begin anew
     */
    public boolean isDue(boolean changed) {
        if (changed) {
            gap = 1;
        }
        if (++ticks < gap) {
            return false;
        }
        ticks = 0;
        gap = Math.min(2 * gap, longestTicks);
        return true;
    }
}
