package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Verified;
import java.util.Optional;

/** Requests, from clients or passed on by backups (Castro and Liskov 1999, sections 4.1 and 4.4). */
public final class RequestHandler {
    private final ReplicaParts parts;
    private final Runnable announce;
    private final boolean fastReads;

    /**
     * @param announce tells the others where this replica is
     * @param fastReads whether clients wait for a certificate quorum of replies
     */
    public RequestHandler(ReplicaParts parts, Runnable announce, boolean fastReads) {
        this.parts = parts;
        this.announce = announce;
        this.fastReads = fastReads;
    }

    public void onRequest(Verified<Request> request) {
        RequestId id = request.message().id();
        Optional<Result> answer = parts.sessions.answer(id);
        if (answer.isPresent()) {
            parts.replies.again(id, answer.get(), parts.view());
            if (fastReads) {
                // A primary may have left somebody out whose reply the client needs: shows them that they are behind.
                announce.run();
            }
            return;
        }
        long scheduled = parts.sessions.scheduled(id);
        if (id.number() <= scheduled) {
            return; // With the service right now: its reply is on the way.
        }
        RequestPool.Offer offer = parts.pool.offer(request, scheduled, parts.readings.wallClockMillis());
        if (offer == RequestPool.Offer.REFUSED) {
            parts.effects.reject(RejectionReason.QUOTA_EXCEEDED, request);
        } else if (offer == RequestPool.Offer.ADDED && !parts.isPrimary()) {
            // Only when it is new: two replicas that take each other for the primary must not play ball with it.
            parts.effects.add(new Effect.Send(parts.primary(), request));
        }
    }
}
