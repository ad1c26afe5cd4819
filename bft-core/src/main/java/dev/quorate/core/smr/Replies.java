package dev.quorate.core.smr;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Answer;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Sealer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a replica sends to clients (Castro and Liskov 1999, section 5.1, "reducing communication"): of a large result one
 * replica, which the request's number chooses, sends the whole, and the others its digest. A client that does not get
 * the whole asks again, and then everybody sends it.
 *
 * <p>Budget: what a request that was executed before has brought, once in a status interval. Requests are transferable,
 * so anybody may ask, again and again, for large results that go to somebody else.
 */
public final class Replies {
    private final ReplicaId self;
    private final int n;
    private final int wholeBytes;
    private final Sealer sealer;
    private final Effects effects;
    /**
     * The requests answered again in this interval. Each had a kept result: at most {@code S_c * W_c} for each client,
     * and one for each request executed in the interval.
     */
    private final Set<RequestId> answeredAgain = new LinkedHashSet<>();

    public Replies(ReplicaId self, int n, Limits limits, Sealer sealer, Effects effects) {
        this.self = self;
        this.n = n;
        this.wholeBytes = limits.get(Limit.WHOLE_REPLY_BYTES);
        this.sealer = sealer;
        this.effects = effects;
    }

    /** A request has just been executed. */
    void executed(RequestId request, Result result, View view) {
        send(request, new Reply(self, view, request, answer(request, result)));
    }

    /**
     * A request is asked again that has been executed before. Without a value the answer is no longer than the question,
     * and needs no budget.
     */
    public void again(RequestId request, Result result, View view) {
        if (result.value().isEmpty() || answeredAgain.add(request)) {
            send(request, new Reply(self, view, request, result));
        }
    }

    /** A status interval has passed. */
    void onTick() {
        answeredAgain.clear();
    }

    void read(RequestId read, SequenceNumber stamp, Result result) {
        ReadReply reply = new ReadReply(self, read, stamp, answer(read, result));
        effects.add(new Effect.SendToClient(read.client(), read.session(), sealer.seal(reply)));
    }

    private Answer answer(RequestId request, Result result) {
        boolean whole = result.value().length() <= wholeBytes
                || Reply.chosen(request, n).equals(self);
        return whole ? Answer.whole(result) : Answer.byDigest(result);
    }

    private void send(RequestId request, Reply reply) {
        effects.add(new Effect.SendToClient(request.client(), request.session(), sealer.seal(reply)));
    }
}
