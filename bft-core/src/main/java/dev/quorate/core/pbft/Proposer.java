package dev.quorate.core.pbft;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.wire.Batches;

/**
 * Makes batches of what waits, at the primary. Batches form by themselves: the first request goes out at once, and while
 * proposals are open the others gather until the driver has handed over all that arrived. No timer delays anything.
 */
final class Proposer {
    private final PbftState state;
    private final NormalCase normalCase;
    private final int maxRequests;
    private final int maxBytes;
    private final int pipelineDepth;
    private SequenceNumber lastProposed = SequenceNumber.ZERO;

    Proposer(PbftState state, NormalCase normalCase, Limits limits) {
        this.state = state;
        this.normalCase = normalCase;
        this.maxRequests = limits.get(Limit.MAX_BATCH_REQUESTS);
        this.maxBytes = limits.get(Limit.MAX_BATCH_BYTES);
        this.pipelineDepth = limits.get(Limit.PIPELINE_DEPTH);
    }

    /** A new view has begun with proposals up to {@code last}. */
    void continueAfter(SequenceNumber last) {
        SequenceNumber stable = state.window.low();
        lastProposed = last.isAfter(stable) ? last : stable;
    }

    /** Proposes if nothing is under way, so that a lone request never waits. */
    void proposeIfIdle() {
        if (openProposals() == 0) {
            proposeWaiting();
        }
    }

    /** Proposes whatever waits, as far as the pipeline and the window reach. */
    void proposeWaiting() {
        while (state.isPrimary()
                && state.synchronizer.isActive()
                && state.mayVote()
                && state.pool.hasReady()
                && openProposals() < pipelineDepth
                && state.window.contains(lastProposed.next())) {
            var requests = state.pool.nextBatch(maxRequests, maxBytes);
            if (!requests.isEmpty()) {
                lastProposed = lastProposed.next();
                normalCase.propose(lastProposed, Batches.of(requests));
            }
        }
    }

    private long openProposals() {
        return Math.max(0, lastProposed.value() - state.execution.scheduled().value());
    }
}
