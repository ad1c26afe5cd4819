package dev.quorate.core.smr;

import dev.quorate.core.View;

/**
 * A timer, named by what it was armed for, so that a late firing is recognised and ignored.
 *
 * @param kind what it is for
 * @param view the view in which it was armed; {@link View#ZERO} for timers that have nothing to do with views
 */
public record TimerId(Kind kind, View view) {
    /** What a replica waits for. */
    public enum Kind {
        /** Time to tell the peers where this replica is, and to ask for what it lacks. */
        STATUS,
        /** The NEW-VIEW of a view should have come by now. */
        VIEW
    }
}
