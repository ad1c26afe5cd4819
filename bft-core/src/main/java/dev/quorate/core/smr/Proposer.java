package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Operation;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.Request;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * Makes batches of what waits, at the primary. Batches form by themselves: the first request goes out at once, and while
 * proposals are open the others gather until the driver has handed over all that arrived. No timer delays anything.
 *
 * <p>If the service predicts, it is asked first, for one batch at a time.
 */
public final class Proposer {
    /** How a protocol orders a batch. */
    @FunctionalInterface
    public interface Ordering {
        /** The primary proposes {@code batch} at {@code at}. */
        void propose(SequenceNumber at, Batch batch);
    }

    /** Requests for which the service has been asked to predict. */
    private record Asked(View view, SequenceNumber sequenceNumber, List<Verified<Request>> requests) {}

    private final ReplicaParts parts;
    private final Ordering ordering;
    private final boolean predicts;
    private final int maxRequests;
    private final int maxBytes;
    private final int pipelineDepth;
    private SequenceNumber lastProposed = SequenceNumber.ZERO;
    /** Null if the service is not being asked. */
    private Asked asked;

    /** The REJOIN that was proposed last in this view. */
    private Optional<Verified<Rejoin>> lastRejoin = Optional.empty();

    /** @param predicts whether the service predicts */
    public Proposer(ReplicaParts parts, boolean predicts, Ordering ordering) {
        this.parts = parts;
        this.ordering = ordering;
        this.predicts = predicts;
        Limits limits = parts.limits;
        this.maxRequests = limits.get(Limit.MAX_BATCH_REQUESTS);
        this.maxBytes = limits.get(Limit.MAX_BATCH_BYTES);
        // Never more than a window above what is executed: beyond that, it is not known who has rejoined.
        this.pipelineDepth = Math.min(limits.get(Limit.PIPELINE_DEPTH), limits.get(Limit.WINDOW));
    }

    /** A new view has begun with proposals up to {@code last}, or another state was installed. */
    public void continueAfter(SequenceNumber last) {
        SequenceNumber stable = parts.window.low();
        lastProposed = last.isAfter(stable) ? last : stable;
        asked = null;
        lastRejoin = Optional.empty();
    }

    /** Proposes if nothing is under way, so that a lone request never waits. */
    public void proposeIfIdle() {
        if (openProposals() == 0) {
            proposeWaiting();
        }
    }

    /** Proposes whatever waits, as far as the pipeline and the window reach. */
    public void proposeWaiting() {
        Optional<Verified<Rejoin>> rejoin = parts.rejoins.next();
        if (asked == null && rejoin.isPresent() && !rejoin.equals(lastRejoin) && mayPropose()) {
            lastRejoin = rejoin;
            propose(Batches.of(rejoin.get()));
        }
        while (asked == null && parts.pool.hasReady() && mayPropose()) {
            List<Verified<Request>> requests = parts.pool.nextBatch(maxRequests, maxBytes);
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
        return parts.isPrimary()
                && parts.synchronizer.isActive()
                && parts.mayVote()
                && openProposals() < pipelineDepth
                && parts.window.contains(lastProposed.next());
    }

    private void ask(List<Verified<Request>> requests) {
        SequenceNumber at = lastProposed.next();
        asked = new Asked(parts.view(), at, requests);
        List<Operation> operations = requests.stream()
                .map(Verified::message)
                .map(request -> new Operation(request.client(), at, request.operation()))
                .toList();
        parts.effects.add(new Effect.Predict(at, parts.view(), operations));
    }

    /** A status interval has passed: without load, who needs a checkpoint would wait for it for ever. */
    public void onTick() {
        while (asked == null && !parts.pool.hasReady() && needsMore() && mayPropose()) {
            propose(Batches.nullBatch());
        }
    }

    private boolean needsMore() {
        return parts.rejoins.needCheckpoint() || parts.stranded.needAfter(lastProposed);
    }

    /** The service has predicted. */
    public void onPredicted(Event.Predicted event) {
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
        propose(Batches.of(requests, parts.readings.wallClockMillis(), parts.readings.secret(), prediction));
    }

    private void propose(Batch batch) {
        lastProposed = lastProposed.next();
        ordering.propose(lastProposed, batch);
    }

    private long openProposals() {
        return Math.max(0, lastProposed.value() - parts.execution.scheduled().value());
    }
}
