package dev.quorate.core.pbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.RequestPool;
import dev.quorate.core.wire.Verified;
import java.util.Optional;

/** Requests, from clients or passed on by backups (Castro and Liskov 1999, sections 4.1 and 4.4). */
final class RequestHandler {
    private final PbftState state;
    private final StatusHandler statuses;
    private final boolean fastReads;

    /** @param fastReads whether clients wait for a certificate quorum of replies */
    RequestHandler(PbftState state, StatusHandler statuses, boolean fastReads) {
        this.state = state;
        this.statuses = statuses;
        this.fastReads = fastReads;
    }

    void onRequest(Verified<Request> request) {
        RequestId id = request.message().id();
        Optional<Result> answer = state.sessions.answer(id);
        if (answer.isPresent()) {
            state.replies.again(id, answer.get(), state.view());
            if (fastReads) {
                // A primary may have left somebody out whose reply the client needs: shows them that they are behind.
                statuses.announce();
            }
            return;
        }
        if (id.number() <= state.sessions.scheduled(id)) {
            return; // With the service right now: its reply is on the way.
        }
        RequestPool.Offer offer =
                state.pool.offer(request, state.sessions.scheduled(id), state.readings.wallClockMillis());
        if (offer == RequestPool.Offer.REFUSED) {
            state.effects.reject(RejectionReason.QUOTA_EXCEEDED, request);
        } else if (offer == RequestPool.Offer.ADDED && !state.isPrimary()) {
            // Only when it is new: two replicas that take each other for the primary must not play ball with it.
            state.effects.add(new Effect.Send(state.primary(), request));
        }
    }
}
