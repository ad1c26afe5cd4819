package dev.quorate.core.client;

import dev.quorate.core.InvocationException;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Verified;
import java.time.Duration;

/** What a client wants to happen. */
public sealed interface ClientEffect {
    record Send(ReplicaId to, Verified<? extends ClientMessage> message) implements ClientEffect {}

    record SendToAll(Verified<? extends ClientMessage> message) implements ClientEffect {}

    /** Start a timer, or start it anew. */
    record StartTimer(ClientTimer timer, Duration delay) implements ClientEffect {}

    record StopTimer(ClientTimer timer) implements ClientEffect {}

    /** An invocation ended with what {@code f+1} replicas say. */
    record Complete(long ticket, Result result) implements ClientEffect {}

    /** An invocation ended without a result. */
    record Fail(long ticket, InvocationException.Reason reason) implements ClientEffect {}
}
