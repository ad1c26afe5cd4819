package dev.quorate.simulator.check;

import java.util.Optional;

/** A correct replica never finds its own state broken. */
public final class NoHaltChecker implements Checker {
    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.ReplicaHalted halted) {
            return Optional.of(new Violation(
                    "no-halt",
                    "At " + Words.at(halted.atNanos()) + " " + halted.replica() + " halted: " + halted.reason()
                            + ". It is a correct replica, so one of its own invariants is wrong, or something from"
                            + " outside got past validation."));
        }
        return Optional.empty();
    }
}
