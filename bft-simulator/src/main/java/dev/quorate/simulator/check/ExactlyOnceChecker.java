package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.RequestId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The second half of invariant 2: requests execute exactly once, in the order of their session, whose first number is
 * 1. The replicas see to that for faulty clients' requests too.
 *
 * <p>A replica starts over when it restarts, so what counts is the position: no request has two, and no replica
 * executes a position again unless it restarted.
 */
public final class ExactlyOnceChecker implements Checker {
    private static final String NAME = "exactly-once";

    private record Session(ClientId client, long id) {}

    private final Map<RequestId, Observation.Executed> executedAt = new HashMap<>();
    private final Map<Session, RequestId> lastOfSession = new HashMap<>();
    private final Map<ReplicaId, SequenceNumber> lastExecuted = new HashMap<>();
    private SequenceNumber highest = SequenceNumber.ZERO;

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.Restarted restarted) {
            lastExecuted.remove(restarted.replica());
        } else if (observation instanceof Observation.Executed executed) {
            return executed(executed);
        }
        return Optional.empty();
    }

    private Optional<Violation> executed(Observation.Executed executed) {
        SequenceNumber s = executed.sequenceNumber();
        SequenceNumber last = lastExecuted.put(executed.replica(), s);
        if (last != null && !s.isAfter(last)) {
            return violation(
                    executed,
                    "executed " + s + " after " + last + " without a restart between them:"
                            + " a position that was executed already came back, perhaps from a new view, or from a checkpoint"
                            + " older than the replica's own state.");
        }
        Optional<Violation> twice = twice(executed);
        if (twice.isPresent() || !s.isAfter(highest)) {
            return twice;
        }
        // Whoever is first at a position has been preceded by somebody at every lower one, so sessions have no holes.
        highest = s;
        return outOfOrder(executed);
    }

    private Optional<Violation> twice(Observation.Executed executed) {
        Map<RequestId, Integer> here = new HashMap<>();
        for (RequestId request : executed.requests()) {
            if (here.merge(request, 1, Integer::sum) > 1) {
                return violation(
                        executed,
                        "executed " + request + " twice within " + executed.sequenceNumber()
                                + ": a batch may repeat a request, but only its first place counts.");
            }
            Observation.Executed before = executedAt.putIfAbsent(request, executed);
            if (before != null && !before.sequenceNumber().equals(executed.sequenceNumber())) {
                return violation(
                        executed,
                        "executed " + request + " at " + executed.sequenceNumber() + ", which "
                                + before.replica() + " executed at " + before.sequenceNumber() + " (at "
                                + Words.at(before.atNanos())
                                + "). The session table did not hold it back: was it part of the"
                                + " state that was restored, and does an evicted session stay refused?");
            }
        }
        return Optional.empty();
    }

    private Optional<Violation> outOfOrder(Observation.Executed executed) {
        for (RequestId request : executed.requests()) {
            RequestId last = lastOfSession.put(new Session(request.client(), request.session()), request);
            long expected = last == null ? 1 : last.number() + 1;
            if (request.number() != expected) {
                return violation(
                        executed,
                        "executed " + request + " at " + executed.sequenceNumber() + ", but "
                                + (last == null
                                        ? "nothing of that session has been executed before, and sessions begin with number 1"
                                        : "the last of that session was number " + last.number())
                                + ". Number " + expected + " is next; any other has to be skipped.");
            }
        }
        return Optional.empty();
    }

    private static Optional<Violation> violation(Observation.Executed executed, String what) {
        return Optional.of(
                new Violation(NAME, "At " + Words.at(executed.atNanos()) + " " + executed.replica() + " " + what));
    }
}
