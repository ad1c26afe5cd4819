package dev.quorate.simulator.check;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Invariant 5: nothing acknowledged is lost. What completed at a correct client has been executed by a correct replica,
 * is executed in the same position by every correct replica that gets that far, also after restarts, and at the end of
 * the run at least one correct replica has got that far.
 *
 * <p>How far a replica has got is read from executions, checkpoints and sampled statuses; sample every replica's status
 * before the end of a run, because a replica that restored a checkpoint need not execute anything.
 */
public final class AcknowledgedSurvivesChecker implements Checker {
    private static final String NAME = "acknowledged-survives";

    private record Acknowledged(RequestId request, long position, long atNanos) {}

    private final ExecutionOrder order;
    private final Map<RequestId, Long> executed = new HashMap<>();
    private final TreeMap<Long, List<Acknowledged>> acknowledged = new TreeMap<>();
    private final Map<ReplicaId, Long> reached = new TreeMap<>();

    /** For a cluster that takes a checkpoint after every {@code checkpointInterval} batches. */
    public AcknowledgedSurvivesChecker(int checkpointInterval) {
        this.order = new ExecutionOrder(checkpointInterval);
    }

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.Executed e) {
            return executed(e);
        } else if (observation instanceof Observation.Completed c) {
            return completed(c);
        } else if (observation instanceof Observation.Restarted r) {
            order.restarted(r.replica());
            reached.remove(r.replica());
        } else if (observation instanceof Observation.CheckpointTaken c) {
            reached(c.replica(), c.sequenceNumber().value());
        } else if (observation instanceof Observation.StatusSampled s) {
            reached(s.replica(), s.status().executed().value());
        }
        return Optional.empty();
    }

    private void reached(ReplicaId replica, long position) {
        reached.merge(replica, position, Math::max);
    }

    private Optional<Violation> executed(Observation.Executed e) {
        long position = e.sequenceNumber().value();
        reached(e.replica(), position);
        e.requests().forEach(request -> executed.putIfAbsent(request, position));
        long from = position > order.lastExecuted(e.replica()) ? order.advance(e) : position;
        for (List<Acknowledged> there :
                acknowledged.subMap(from, true, position, true).values()) {
            for (Acknowledged a : there) {
                if (a.position < position || !e.requests().contains(a.request)) {
                    return Optional.of(
                            new Violation(
                                    NAME,
                                    "At " + Words.at(e.atNanos()) + " " + e.replica() + " got to " + e.sequenceNumber()
                                            + " without executing " + a.request + " at s=" + a.position
                                            + ", although its client had the result at " + Words.at(a.atNanos)
                                            + ". What it executed at " + e.sequenceNumber() + ": "
                                            + Words.some(e.requests())
                                            + ". A quorum that vouched for it was forgotten, by a view change or by a restart."));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Violation> completed(Observation.Completed c) {
        Optional<RequestId> request = c.request();
        if (request.isEmpty() || !isAcknowledged(c.result())) {
            return Optional.empty();
        }
        Long position = executed.get(request.get());
        if (position == null) {
            return Optional.of(new Violation(
                    NAME,
                    "At " + Words.at(c.atNanos()) + " " + c.client() + " accepted a result of " + request.get()
                            + ", but no correct replica has executed it: it believed too few replicas, or counted one"
                            + " twice, or a reply to something else."));
        }
        acknowledged
                .computeIfAbsent(position, p -> new ArrayList<>())
                .add(new Acknowledged(request.get(), position, c.atNanos()));
        return Optional.empty();
    }

    /** A session that was evicted, and a number that is too old, say nothing about whether the request executed. */
    private static boolean isAcknowledged(Result result) {
        return result.outcome() != Result.Outcome.SESSION_EVICTED && result.outcome() != Result.Outcome.NUMBER_TOO_OLD;
    }

    @Override
    public Optional<Violation> finish() {
        long highest =
                reached.values().stream().mapToLong(Long::longValue).max().orElse(0);
        Map<Long, List<Acknowledged>> lost = acknowledged.tailMap(highest, false);
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        List<String> requests = lost.values().stream()
                .flatMap(List::stream)
                .map(a -> a.request + " at s=" + a.position + " (acknowledged at " + Words.at(a.atNanos) + ")")
                .toList();
        return Optional.of(new Violation(
                NAME,
                "At the end no correct replica has got further than s=" + highest + "; how far each has got: "
                        + reached + ". Acknowledged and lost: " + Words.some(requests)
                        + ". What the replicas had promised was not on their disks when they restarted, or they did"
                        + " not read it back."));
    }
}
