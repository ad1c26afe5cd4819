package dev.quorate.simulator;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the replication core can do, as far as it decides what a run may demand of it. Safety is demanded always;
 * whatever is not among the {@link #present()} ones excuses a lack of progress only.
 */
public enum Capability {
    /** A faulty or crashed primary is replaced. Without it liveness is demanded only while the first primary is correct. */
    VIEW_CHANGE,
    /** A replica that fell behind the stable checkpoint catches up. Without it, it is not counted on any more. */
    STATE_TRANSFER,
    /** A replica that restarts with its disk continues as itself. Without it, it is amnesic: one of the faulty ones. */
    RECOVERY;

    private static final Set<Capability> PRESENT = Collections.unmodifiableSet(EnumSet.allOf(Capability.class));

    /** Those that the core has now: the one place to change when it learns something. */
    public static Set<Capability> present() {
        return PRESENT;
    }
}
