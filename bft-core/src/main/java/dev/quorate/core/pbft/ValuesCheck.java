package dev.quorate.core.pbft;

import dev.quorate.core.Operation;
import dev.quorate.core.message.Batch;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import java.util.List;
import java.util.Optional;

/**
 * Whether a backup may vote for what the primary proposes beside the requests (Castro and Liskov 1999, section 4.6): a
 * time close to its own clock, and a prediction that its service accepts. What a NEW-VIEW proposes again was accepted
 * once, and is only refused if its time is in the future.
 */
final class ValuesCheck {
    enum Verdict {
        ACCEPTED,
        REFUSED,
        /** The service has been asked. */
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
        boolean proposedAgain = slot.proposalFrame == null;
        if (batch.requests().isEmpty()) {
            return Verdict.ACCEPTED;
        }
        if (!state.readings.accepts(batch.values(), proposedAgain)) {
            return Verdict.REFUSED;
        }
        if (proposedAgain) {
            return Verdict.ACCEPTED;
        }
        if (!predicts) {
            return batch.values().prediction().isEmpty() ? Verdict.ACCEPTED : Verdict.REFUSED;
        }
        if (slot.judgement == null) {
            slot.judgement = Verdict.PENDING;
            state.effects.add(new Effect.Judge(
                    slot.sequenceNumber,
                    batch.digest(),
                    operations(slot, batch),
                    batch.values().prediction()));
        }
        return slot.judgement;
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
