package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.Operation;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Observations in few words. All clients use session 1; a request's operation is its name unless said otherwise. */
final class Observations {
    private Observations() {}

    static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static RequestId request(int client, long number) {
        return new RequestId(new ClientId(client), 1, number);
    }

    static Observation.Executed executed(int replica, long s, RequestId... requests) {
        List<Operation> operations = Arrays.stream(requests)
                .map(r -> new Operation(r.client(), new SequenceNumber(s), bytes(r.toString())))
                .toList();
        return new Observation.Executed(
                s, new ReplicaId(replica), new SequenceNumber(s), List.of(requests), OperationsDigest.of(operations));
    }

    static Observation.Executed executedOther(int replica, long s, String operation, RequestId request) {
        Operation altered = new Operation(request.client(), new SequenceNumber(s), bytes(operation));
        return new Observation.Executed(
                s,
                new ReplicaId(replica),
                new SequenceNumber(s),
                List.of(request),
                OperationsDigest.of(List.of(altered)));
    }

    static Observation restarted(int replica) {
        return new Observation.Restarted(0, new ReplicaId(replica), true);
    }

    static Observation checkpoint(int replica, long s, String state) {
        return new Observation.CheckpointTaken(
                s, new ReplicaId(replica), new SequenceNumber(s), Digest.sha256(bytes(state)));
    }

    static Observation submitted(RequestId request) {
        return new Observation.Submitted(0, request, bytes(request.toString()));
    }

    /** An invocation of the operation that becomes {@code request}; its ticket is 100 more than the number. */
    static Observation invoked(RequestId request) {
        return new Observation.Invoked(0, request.client(), 1, request.number() + 100, bytes(request.toString()));
    }

    static Observation completed(RequestId request) {
        return completed(request, Result.ok(bytes("done")));
    }

    static Observation completed(RequestId request, Result result) {
        return new Observation.Completed(9, request.client(), 1, request.number() + 100, result, Optional.of(request));
    }

    static Observation gaveUp(RequestId request) {
        return new Observation.GaveUp(9, request.client(), 1, request.number() + 100);
    }

    static Observation status(int replica, long ordered, long executed, long stable, int pending, int log) {
        return new Observation.StatusSampled(
                7,
                new ReplicaId(replica),
                new ProtocolStatus(
                        View.ZERO,
                        new ReplicaId(0),
                        new SequenceNumber(ordered),
                        new SequenceNumber(executed),
                        new SequenceNumber(stable),
                        pending,
                        log,
                        Optional.empty()));
    }

    /** What the checker says first, if anything, including at the end. */
    static Optional<Violation> run(Checker checker, Observation... run) {
        for (Observation observation : run) {
            Optional<Violation> violation = checker.observe(observation);
            if (violation.isPresent()) {
                return violation;
            }
        }
        return checker.finish();
    }
}
