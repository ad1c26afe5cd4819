package dev.quorate.simulator.node;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.smr.Effect;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.check.OperationsDigest;
import java.util.HashMap;
import java.util.Map;

/** Remembers what a service was given until it has executed it. */
final class ExecutionLog {
    /** Looked up only, never iterated over. */
    private final Map<SequenceNumber, Digest> underWay = new HashMap<>();

    void given(Effect.Execute execute) {
        underWay.put(execute.sequenceNumber(), OperationsDigest.of(execute.operations()));
    }

    /** A digest over client and operation of each, in order, of what was given at {@code at}. */
    Digest digestOf(SequenceNumber at) {
        Digest digest = underWay.remove(at);
        if (digest == null) {
            throw new IllegalStateException("nothing was given to the service at " + at);
        }
        return digest;
    }
}
