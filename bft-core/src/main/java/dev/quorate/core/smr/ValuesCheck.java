package dev.quorate.core.smr;

import dev.quorate.core.Operation;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.crypto.Bytes;
import java.util.List;

/**
 * Whether a backup may vote for what the primary proposes beside the requests (Castro and Liskov 1999, section 4.6): a
 * time close to its own clock, and a prediction that its service accepts.
 *
 * <p>What a NEW-VIEW proposes again is not refused, since its primary had no choice: a time in the past is fine, and
 * one in the future is waited for. In PBFT others accepted it once; in MinBFT perhaps nobody did (docs/minbft.md).
 */
public final class ValuesCheck {
    /** What came out of it. */
    public enum Verdict {
        ACCEPTED,
        REFUSED,
        /** The service has been asked, or the time has not come. */
        PENDING
    }

    /** What a replica thinks of the values in one proposal. */
    public static final class Judgement {
        /** Null before it looked. */
        private Verdict verdict;

        /** This replica voted for it before a restart. */
        public void voted() {
            verdict = Verdict.ACCEPTED;
        }

        /** The service has judged. Returns whether it was asked and had not answered yet. */
        public boolean answer(boolean accepted) {
            boolean awaited = verdict == Verdict.PENDING;
            if (awaited) {
                verdict = accepted ? Verdict.ACCEPTED : Verdict.REFUSED;
            }
            return awaited;
        }
    }

    private final ReplicaParts parts;
    private final boolean predicts;

    /** @param predicts whether the service judges predictions */
    public ValuesCheck(ReplicaParts parts, boolean predicts) {
        this.parts = parts;
        this.predicts = predicts;
    }

    /**
     * Judges a proposal, or asks the service to.
     *
     * @param proposedAgain whether a NEW-VIEW demands it
     * @param judgement of this proposal
     */
    public Verdict of(SequenceNumber at, Batch batch, boolean proposedAgain, Judgement judgement) {
        if (batch.requests().isEmpty()) {
            return Verdict.ACCEPTED;
        }
        if (proposedAgain) {
            return parts.readings.isInFuture(batch.values()) ? Verdict.PENDING : Verdict.ACCEPTED;
        }
        if (judgement.verdict == null) {
            judgement.verdict = firstVerdict(at, batch);
        }
        return judgement.verdict;
    }

    private Verdict firstVerdict(SequenceNumber at, Batch batch) {
        Bytes prediction = batch.values().prediction();
        if (!parts.readings.isClose(batch.values())) {
            return Verdict.REFUSED;
        }
        if (!predicts) {
            return prediction.isEmpty() ? Verdict.ACCEPTED : Verdict.REFUSED;
        }
        List<Operation> operations = batch.requests().stream()
                .map(request -> new Operation(request.client(), at, request.operation()))
                .toList();
        parts.effects.add(new Effect.Judge(at, batch.digest(), operations, prediction));
        return Verdict.PENDING;
    }
}
