package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.Operation;
import dev.quorate.core.message.RequestId;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first half of invariant 2: every request that is executed in a correct client's name was sent by it, unaltered.
 *
 * <p>What faulty clients sent is unknown here, so the operations of a batch that holds one of their requests are not
 * compared; that they are the same everywhere is {@link AgreementChecker}'s.
 */
public final class ValidityChecker implements Checker {
    private static final String NAME = "validity";

    private final Set<ClientId> correctClients;
    private final Map<RequestId, Bytes> submitted = new HashMap<>();

    /** Everybody who is not among {@code correctClients} may have signed anything. */
    public ValidityChecker(Set<ClientId> correctClients) {
        this.correctClients = Set.copyOf(correctClients);
    }

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.Submitted request) {
            return submitted(request);
        } else if (observation instanceof Observation.Executed executed) {
            return executed(executed);
        }
        return Optional.empty();
    }

    private Optional<Violation> submitted(Observation.Submitted request) {
        Bytes before = submitted.putIfAbsent(request.request(), request.operation());
        if (before == null || before.equals(request.operation())) {
            return Optional.empty();
        }
        return Optional.of(new Violation(
                NAME,
                "A correct client signed two operations under one number: " + request.request() + " was " + before
                        + " and, at " + Words.at(request.atNanos()) + ", is " + request.operation()
                        + ". Its client code gives one number to two invocations."));
    }

    private Optional<Violation> executed(Observation.Executed executed) {
        List<Operation> expected = new ArrayList<>();
        for (RequestId request : executed.requests()) {
            Bytes operation = submitted.get(request);
            if (operation != null) {
                expected.add(new Operation(request.client(), executed.sequenceNumber(), operation));
            } else if (correctClients.contains(request.client())) {
                return Optional.of(new Violation(
                        NAME,
                        where(executed) + " executed " + request + ", which its client, a correct one, had not signed"
                                + " by then. Somebody else made it up: a check of a request's signature is missing on"
                                + " some path by which requests come in (directly, forwarded, inside a proposal, fetched"
                                + " by digest, from the store)."));
            }
        }
        if (expected.size() < executed.requests().size()
                || OperationsDigest.of(expected).equals(executed.operations())) {
            return Optional.empty();
        }
        return Optional.of(new Violation(
                NAME,
                where(executed) + " executed " + Words.some(executed.requests()) + " with operations "
                        + executed.operations() + ", but what the clients signed under these names is "
                        + OperationsDigest.of(expected) + ". A request was altered on its way and its signature does"
                        + " not cover, or nobody checked it over, what was altered."));
    }

    private static String where(Observation.Executed executed) {
        return "At " + Words.at(executed.atNanos()) + " " + executed.replica() + ", at " + executed.sequenceNumber()
                + ",";
    }
}
