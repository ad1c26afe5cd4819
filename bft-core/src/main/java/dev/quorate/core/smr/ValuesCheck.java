package dev.quorate.core.smr;

import dev.quorate.core.Operation;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;

/**
 * Whether a backup may vote for what the primary proposes beside the requests (Castro and Liskov 1999, section 4.6): a
 * time close to its own clock, and a prediction that its service accepts. What a NEW-VIEW proposes again was accepted
 * once, and is only refused if its time is in the future.
 */
public final class ValuesCheck {
    /** What came out of it. */
    public enum Verdict {
        ACCEPTED,
        REFUSED,
        /** The service has been asked. */
        PENDING
    }

    /** What the service says of the prediction in one proposal. */
    public static final class Judgement {
        /** Null if the service was not asked. */
        private Verdict verdict;

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
        if (!parts.readings.accepts(batch.values(), proposedAgain)) {
            return Verdict.REFUSED;
        }
        if (proposedAgain) {
            return Verdict.ACCEPTED;
        }
        if (!predicts) {
            return batch.values().prediction().isEmpty() ? Verdict.ACCEPTED : Verdict.REFUSED;
        }
        if (judgement.verdict == null) {
            judgement.verdict = Verdict.PENDING;
            parts.effects.add(new Effect.Judge(
                    at,
                    batch.digest(),
                    batch.requests().stream()
                            .map(request -> new Operation(request.client(), at, request.operation()))
                            .toList(),
                    batch.values().prediction()));
        }
        return judgement.verdict;
    }
}
