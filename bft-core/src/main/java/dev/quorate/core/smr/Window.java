package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.SequenceNumber;

/**
 * The sequence numbers that may be ordered: {@code (h, h+L]}, where {@code h} is the last stable checkpoint that this
 * replica knows (Castro and Liskov 1999, section 4.3, "water marks").
 */
public final class Window {
    private final long interval;
    private final long length;
    private SequenceNumber low = SequenceNumber.ZERO;

    public Window(Limits limits) {
        this.interval = limits.get(Limit.CHECKPOINT_INTERVAL);
        this.length = limits.get(Limit.WINDOW);
    }

    /** {@code h}, the low water mark. */
    public SequenceNumber low() {
        return low;
    }

    /** {@code h+L}, the high water mark. */
    public SequenceNumber high() {
        return low.plus(length);
    }

    /** {@code L}. */
    public long length() {
        return length;
    }

    public boolean contains(SequenceNumber sequenceNumber) {
        return sequenceNumber.isAfter(low) && !sequenceNumber.isAfter(high());
    }

    /** Whether a checkpoint is taken after this sequence number: it is a multiple of K. */
    public boolean isCheckpoint(SequenceNumber sequenceNumber) {
        return sequenceNumber.value() % interval == 0;
    }

    /** How many checkpoints a window holds: {@code L/K}. */
    public int checkpoints() {
        return (int) (length / interval);
    }

    public void moveTo(SequenceNumber stable) {
        if (!stable.isAfter(low)) {
            throw new IllegalStateException("the window moves forward only: from " + low + " to " + stable);
        }
        low = stable;
    }
}
