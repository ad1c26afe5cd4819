package dev.quorate.core.message;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;

/** REPLY: a replica's answer to a client, which believes it when enough replicas say the same. */
public record Reply(ReplicaId replica, View view, RequestId request, Answer answer) implements ReplicaMessage {
    /** A reply with the whole result. */
    public Reply(ReplicaId replica, View view, RequestId request, Result result) {
        this(replica, view, request, Answer.whole(result));
    }

    /** Which of {@code n} replicas sends the whole of a large result; the others send its digest. */
    public static ReplicaId chosen(RequestId request, int n) {
        return new ReplicaId((int) Math.floorMod(request.session() + request.number(), (long) n));
    }

    @Override
    public MessageType type() {
        return MessageType.REPLY;
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
        return visitor.visit(this);
    }
}
