package dev.quorate.simulator.check;

import dev.quorate.core.SequenceNumber;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Invariant 3: correct replicas that executed the same prefix have the same checkpoint root. That the prefix is the
 * same is {@link AgreementChecker}'s.
 */
public final class CheckpointRootsChecker implements Checker {
    private final Map<SequenceNumber, Observation.CheckpointTaken> first = new TreeMap<>(Comparator.reverseOrder());

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (!(observation instanceof Observation.CheckpointTaken later)) {
            return Optional.empty();
        }
        Observation.CheckpointTaken earlier = first.putIfAbsent(later.sequenceNumber(), later);
        if (earlier == null || earlier.root().equals(later.root())) {
            return Optional.empty();
        }
        String before = first.keySet().stream()
                .filter(s -> later.sequenceNumber().isAfter(s))
                .findFirst()
                .map(s -> "The last checkpoint before it is at " + s + ".")
                .orElse("It is the first checkpoint of the run.");
        return Optional.of(new Violation(
                "checkpoint-roots",
                "At " + later.sequenceNumber() + " " + what(later) + ", but " + what(earlier) + ". " + before
                        + " If both executed the same batches, which the agreement checker watches, then the state"
                        + " differs: the service is not deterministic or writes equal states as different bytes, or the"
                        + " session table or membership differs, or a state was restored incompletely."));
    }

    private static String what(Observation.CheckpointTaken taken) {
        return taken.replica() + " has root " + taken.root() + " (at " + Words.at(taken.atNanos()) + ")";
    }
}
