package dev.quorate.core.client;

import dev.quorate.core.InvocationException;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Verified;
import java.time.Duration;

/** What a client wants to happen. */
public sealed interface ClientEffect {
    record Send(ReplicaId to, Verified<Request> request) implements ClientEffect {}

    record SendToAll(Verified<Request> request) implements ClientEffect {}

    /**
     * Start a timer, or start it anew.
     *
     * @param number which one: above 0 it says when to send the request of that number again, below 0 it is the
     *     deadline of an invocation
     */
    record StartTimer(long number, Duration delay) implements ClientEffect {}

    record StopTimer(long number) implements ClientEffect {}

    /** An invocation ended with what {@code f+1} replicas say. */
    record Complete(long ticket, Result result) implements ClientEffect {}

    /** An invocation ended without a result. */
    record Fail(long ticket, InvocationException.Reason reason) implements ClientEffect {}
}
