package dev.quorate.core.smr;

import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import java.util.List;

/** What every protocol demands of certificates. */
public final class CertificateRules {
    private CertificateRules() {}

    /** Whether senders are distinct: they have to stand in the order of their ids, which makes repetitions easy to see. */
    public static <M extends ReplicaMessage> boolean haveDistinctSenders(List<Signed<M>> messages) {
        for (int i = 1; i < messages.size(); i++) {
            M previous = messages.get(i - 1).message();
            if (messages.get(i).message().replica().compareTo(previous.replica()) <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code quorum} replicas vouch for one state, at a position that is a checkpoint. */
    public static boolean proves(StableCertificate certificate, int quorum, long checkpointInterval) {
        List<Signed<Checkpoint>> checkpoints = certificate.checkpoints();
        if (checkpoints.isEmpty() || checkpoints.size() != quorum || !haveDistinctSenders(checkpoints)) {
            return false;
        }
        Checkpoint first = checkpoints.get(0).message();
        long at = first.sequenceNumber().value();
        return at > 0
                && at % checkpointInterval == 0
                && checkpoints.stream()
                        .map(Signed::message)
                        .allMatch(c -> c.sequenceNumber().equals(first.sequenceNumber())
                                && c.root().equals(first.root()));
    }
}
