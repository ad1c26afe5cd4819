package dev.quorate.core.pbft;

import dev.quorate.core.Operation;
import dev.quorate.core.message.Batch;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.crypto.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Whether a backup may vote for what the primary proposes beside the requests (Castro and Liskov 1999, section 4.6): a
 * time close to its own clock, and a prediction that its service accepts. Both are judged once, when the proposal comes.
 *
 * <p>What a NEW-VIEW proposes again was accepted once by others, and its primary had no choice: a time in the past is
 * fine, and one in the future is waited for.
 */
final class ValuesCheck {
    enum Verdict {
        ACCEPTED,
        REFUSED,
        /** The service has been asked, or the time has not come. */
        PENDING
    }

    private final PbftState state;
    private final boolean predicts;

    /** @param predicts whether the service judges predictions */
    ValuesCheck(PbftState state, boolean predicts) {
        this.state = state;
        this.predicts = predicts;
    }

    Verdict of(Slot slot, Batch batch) {
        if (batch.requests().isEmpty() || batch.digest().equals(slot.decided)) {
            return Verdict.ACCEPTED;
        }
        boolean proposedAgain = slot.proposalFrame == null;
        if (proposedAgain) {
            return state.readings.isInFuture(batch.values()) ? Verdict.PENDING : Verdict.ACCEPTED;
        }
        if (slot.judgement == null) {
            slot.judgement = firstVerdict(slot, batch);
        }
        return slot.judgement;
    }

    private Verdict firstVerdict(Slot slot, Batch batch) {
        Bytes prediction = batch.values().prediction();
        if (!state.readings.isClose(batch.values())) {
            return Verdict.REFUSED;
        }
        if (!predicts) {
            return prediction.isEmpty() ? Verdict.ACCEPTED : Verdict.REFUSED;
        }
        state.effects.add(new Effect.Judge(slot.sequenceNumber, batch.digest(), operations(slot, batch), prediction));
        return Verdict.PENDING;
    }

    private static List<Operation> operations(Slot slot, Batch batch) {
        return batch.requests().stream()
                .map(request -> new Operation(request.client(), slot.sequenceNumber, request.operation()))
                .toList();
    }

    /** The service has judged. Returns the slot that waited for it; empty if none does any more. */
    Optional<Slot> judged(Event.Judged event) {
        return state.log
                .find(event.sequenceNumber())
                .filter(slot -> slot.judgement == Verdict.PENDING
                        && slot.proposal != null
                        && slot.proposal.message().digest().equals(event.batch()))
                .map(slot -> {
                    slot.judgement = event.accepted() ? Verdict.ACCEPTED : Verdict.REFUSED;
                    return slot;
                });
    }
}
