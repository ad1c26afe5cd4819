package dev.quorate.core.pbft;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Request;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.List;

/**
 * Makes batches of what waits, at the primary. Batches form by themselves: the first request goes out at once, and while
 * proposals are open the others gather until the driver has handed over all that arrived. No timer delays anything.
 *
 * <p>If the service predicts, it is asked first, for one batch at a time.
 */
final class Proposer {
    /** Requests for which the service has been asked to predict. */
    private record Asked(View view, SequenceNumber sequenceNumber, List<Verified<Request>> requests) {}

    private final PbftState state;
    private final NormalCase normalCase;
    private final boolean predicts;
    private final int maxRequests;
    private final int maxBytes;
    private final int pipelineDepth;
    private SequenceNumber lastProposed = SequenceNumber.ZERO;
    /** Null if the service is not being asked. */
    private Asked asked;

    /** @param predicts whether the service predicts */
    Proposer(PbftState state, NormalCase normalCase, boolean predicts, Limits limits) {
        this.state = state;
        this.normalCase = normalCase;
        this.predicts = predicts;
        this.maxRequests = limits.get(Limit.MAX_BATCH_REQUESTS);
        this.maxBytes = limits.get(Limit.MAX_BATCH_BYTES);
        this.pipelineDepth = limits.get(Limit.PIPELINE_DEPTH);
    }

    /** A new view has begun with proposals up to {@code last}, or another state was installed. */
    void continueAfter(SequenceNumber last) {
        SequenceNumber stable = state.window.low();
        lastProposed = last.isAfter(stable) ? last : stable;
        asked = null;
    }

    /** Proposes if nothing is under way, so that a lone request never waits. */
    void proposeIfIdle() {
        if (openProposals() == 0) {
            proposeWaiting();
        }
    }

    /** Proposes whatever waits, as far as the pipeline and the window reach. */
    void proposeWaiting() {
        while (asked == null && state.pool.hasReady() && mayPropose()) {
            List<Verified<Request>> requests = state.pool.nextBatch(maxRequests, maxBytes);
            if (requests.isEmpty()) {
                return;
            }
            if (predicts) {
                ask(requests);
            } else {
                propose(requests, Bytes.EMPTY);
            }
        }
    }

    private boolean mayPropose() {
        return state.isPrimary()
                && state.synchronizer.isActive()
                && state.mayVote()
                && openProposals() < pipelineDepth
                && state.window.contains(lastProposed.next());
    }

    private void ask(List<Verified<Request>> requests) {
        SequenceNumber at = lastProposed.next();
        asked = new Asked(state.view(), at, requests);
        List<Operation> operations = requests.stream()
                .map(Verified::message)
                .map(request -> new Operation(request.client(), at, request.operation()))
                .toList();
        state.effects.add(new Effect.Predict(at, state.view(), operations));
    }

    /** The service has predicted. */
    void onPredicted(Event.Predicted event) {
        if (asked == null
                || !asked.view().equals(event.view())
                || !asked.sequenceNumber().equals(event.sequenceNumber())) {
            return;
        }
        List<Verified<Request>> requests = asked.requests();
        asked = null;
        if (mayPropose()) {
            propose(requests, event.prediction());
            proposeWaiting();
        }
    }

    private void propose(List<Verified<Request>> requests, Bytes prediction) {
        lastProposed = lastProposed.next();
        Batch batch = Batches.of(requests, state.readings.wallClockMillis(), state.readings.secret(), prediction);
        normalCase.propose(lastProposed, batch);
    }

    private long openProposals() {
        return Math.max(0, lastProposed.value() - state.execution.scheduled().value());
    }
}
