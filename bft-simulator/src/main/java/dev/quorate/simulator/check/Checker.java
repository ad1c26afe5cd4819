package dev.quorate.simulator.check;

import java.util.List;
import java.util.Optional;

/**
 * Looks at a run, and says when it breaks an invariant. Only what correct replicas and correct clients do is given to
 * it, in the order of virtual time. Not thread-safe; one checker looks at one run.
 */
public interface Checker {
    /** A violation of an invariant, if this observation shows one. */
    Optional<Violation> observe(Observation observation);

    /** A violation of what can only be said at the end of a run, such as linearizability. Called once. */
    default Optional<Violation> finish() {
        return Optional.empty();
    }

    /**
     * What the checker could not decide within its budget, in words; to be asked after {@link #finish}. A run with
     * anything undecided is not shown to be right: count it as neither passed nor failed.
     */
    default List<String> undecided() {
        return List.of();
    }
}
