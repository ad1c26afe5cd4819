package dev.quorate.simulator.check;

import dev.quorate.core.smr.ProtocolStatus;
import java.util.Optional;

/** Invariant 6: a replica's memory stays within the bounds that its configuration states, whatever faulty parties send. */
public final class BoundedMemoryChecker implements Checker {
    private final MemoryBounds bounds;

    public BoundedMemoryChecker(MemoryBounds bounds) {
        this.bounds = bounds;
    }

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (!(observation instanceof Observation.StatusSampled sampled)) {
            return Optional.empty();
        }
        ProtocolStatus status = sampled.status();
        long stable = status.stable().value();
        return exceeds(
                        sampled,
                        "log entries (window, and what is stable but not executed)",
                        status.logEntries(),
                        bounds.logEntries(stable, status.executed().value()))
                .or(() -> exceeds(
                        sampled,
                        "pending requests (clients · sessionsPerClient · requestsPerSession)",
                        status.pendingRequests(),
                        bounds.pendingRequests()))
                .or(() -> exceeds(
                        sampled,
                        "positions from the stable checkpoint to the highest accepted proposal (window)",
                        status.ordered().value() - stable,
                        bounds.window()))
                .or(() -> exceeds(
                        sampled,
                        "positions from the stable checkpoint to the last one executed (window)",
                        status.executed().value() - stable,
                        bounds.window()));
    }

    private static Optional<Violation> exceeds(Observation.StatusSampled sampled, String what, long value, long bound) {
        if (value <= bound) {
            return Optional.empty();
        }
        return Optional.of(new Violation(
                "bounded-memory",
                "At " + Words.at(sampled.atNanos()) + " " + sampled.replica() + " has " + value + " " + what
                        + ", more than the bound of " + bound + ". Its status: " + sampled.status()
                        + ". Whatever adds there has to be refused at the bound, or freed when a checkpoint becomes"
                        + " stable or a request executes."));
    }
}
