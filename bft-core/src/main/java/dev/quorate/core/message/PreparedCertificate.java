package dev.quorate.core.message;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.crypto.Digest;
import java.util.List;

/**
 * Proof that a batch prepared (Castro and Liskov 1999, section 4.4: an element of {@code P}): the primary's PRE-PREPARE
 * and matching PREPAREs of {@code q-1} backups.
 *
 * @param proposal its header, without the batch
 * @param prepares in the order of their replicas' ids
 */
public record PreparedCertificate(Signed<PrePrepare> proposal, List<Signed<Prepare>> prepares) {
    public PreparedCertificate {
        prepares = List.copyOf(prepares);
    }

    public View view() {
        return proposal.message().view();
    }

    public SequenceNumber sequenceNumber() {
        return proposal.message().sequenceNumber();
    }

    public Digest digest() {
        return proposal.message().digest();
    }

    @Override
    public String toString() {
        return "prepared " + digest() + " at " + sequenceNumber() + " in " + view();
    }
}
