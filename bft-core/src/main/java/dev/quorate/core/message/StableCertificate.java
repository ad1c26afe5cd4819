package dev.quorate.core.message;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Digest;
import java.util.List;

/**
 * Proof that a checkpoint is stable: CHECKPOINTs of a certificate quorum for the same state.
 *
 * @param checkpoints in the order of their replicas' ids; empty for the state before the first batch, which needs no
 *     proof
 */
public record StableCertificate(List<Signed<Checkpoint>> checkpoints) {
    /** What stands for the state before the first batch. */
    public static final StableCertificate INITIAL = new StableCertificate(List.of());

    public StableCertificate {
        checkpoints = List.copyOf(checkpoints);
    }

    public SequenceNumber sequenceNumber() {
        return checkpoints.isEmpty()
                ? SequenceNumber.ZERO
                : checkpoints.get(0).message().sequenceNumber();
    }

    /** The root of the state; throws for the initial one, which has none. */
    public Digest root() {
        return checkpoints.get(0).message().root();
    }

    @Override
    public String toString() {
        return "stable " + sequenceNumber();
    }
}
