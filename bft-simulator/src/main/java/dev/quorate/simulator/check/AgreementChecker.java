package dev.quorate.simulator.check;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Invariant 1: no two correct replicas execute different batches at one sequence number, and neither does one replica
 * before and after a restart.
 *
 * <p>A position that a replica leaves out without installing a checkpoint counts as an empty batch there, whether or
 * not the replica's driver reports empty batches.
 */
public final class AgreementChecker implements Checker {
    private static final Digest NOTHING = OperationsDigest.of(List.of());

    private final ExecutionOrder order;
    private final Map<SequenceNumber, Observation.Executed> first = new HashMap<>();

    /** For a cluster that takes a checkpoint after every {@code checkpointInterval} batches. */
    public AgreementChecker(int checkpointInterval) {
        this.order = new ExecutionOrder(checkpointInterval);
    }

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.Restarted restarted) {
            order.restarted(restarted.replica());
        } else if (observation instanceof Observation.Executed executed) {
            return executed(executed);
        }
        return Optional.empty();
    }

    private Optional<Violation> executed(Observation.Executed executed) {
        ReplicaId replica = executed.replica();
        if (executed.sequenceNumber().value() > order.lastExecuted(replica)) {
            for (long s = order.advance(executed); s < executed.sequenceNumber().value(); s++) {
                Optional<Violation> violation = compare(new Observation.Executed(
                        executed.atNanos(), replica, new SequenceNumber(s), List.of(), NOTHING));
                if (violation.isPresent()) {
                    return violation;
                }
            }
        }
        return compare(executed);
    }

    private Optional<Violation> compare(Observation.Executed later) {
        Observation.Executed earlier = first.putIfAbsent(later.sequenceNumber(), later);
        if (earlier == null
                || (earlier.requests().equals(later.requests())
                        && earlier.operations().equals(later.operations()))) {
            return Optional.empty();
        }
        SequenceNumber s = later.sequenceNumber();
        String cause;
        if (earlier.requests().equals(later.requests())) {
            cause = "The requests have the same names but other operations: somebody executed what its client did not"
                    + " send, or a faulty client signed several operations under one number and replicas executed a"
                    + " request by its name rather than by its batch's digest.";
        } else if (earlier.replica().equals(later.replica())) {
            cause = "It is the same replica: what it had executed was not what its store, or the others, gave it back"
                    + " after its restart.";
        } else {
            cause = "Compare the certificates with which each committed " + s + ", and their views; if the views"
                    + " differ, compare what the NEW-VIEWs between them chose for " + s + ".";
        }
        return Optional.of(
                new Violation("agreement", what(later) + " where " + what(earlier) + ", both at " + s + ". " + cause));
    }

    private static String what(Observation.Executed executed) {
        String who = executed.replica() + " (at " + Words.at(executed.atNanos()) + ")";
        return executed.requests().isEmpty()
                ? who + " executed nothing"
                : who + " executed " + Words.some(executed.requests()) + " (operations " + executed.operations() + ")";
    }
}
