package dev.quorate.transport.driver;

import dev.quorate.core.InvocationException;
import dev.quorate.core.InvocationException.Reason;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.client.ClientEffect;
import dev.quorate.core.client.ClientEvent;
import dev.quorate.core.client.ClientTimer;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Result;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Acceptor;
import dev.quorate.transport.channel.Connection;
import dev.quorate.transport.channel.Receiver;
import dev.quorate.transport.channel.Rejections;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Drives the state machine of one client. Everything happens on the client's event loop.
 *
 * <p>Whenever a connection stands, what is under way goes out over it, whoever got it before: a replica that was not
 * connected may have lost the request, and it may have executed it and found nobody to answer to. So the first request
 * of a new client does not wait for a retransmission.
 */
final class ClientDriver implements Acceptor {
    private final EventLoop loop;
    private final ClientCore core;
    private final Rejections rejections;
    private final Inspections inspections;

    private final Map<ReplicaId, Connection> connections = new TreeMap<>();
    private final Map<Long, CompletableFuture<byte[]>> invocations = new HashMap<>();
    /** Requests under way, by number. As many as a session may have. */
    private final Map<Long, Verified<Request>> underWay = new TreeMap<>();

    private final Map<ClientTimer, Future<?>> timers = new HashMap<>();
    private long lastTicket;
    private boolean closed;

    ClientDriver(EventLoop loop, ClientCore core, Rejections rejections) {
        this.loop = loop;
        this.core = core;
        this.rejections = rejections;
        this.inspections = new Inspections(loop, core);
    }

    void invoke(Bytes operation, CompletableFuture<byte[]> result) {
        start(result, ticket -> new ClientEvent.Invoke(ticket, operation));
    }

    void read(Bytes operation, CompletableFuture<byte[]> result) {
        start(result, ticket -> new ClientEvent.Read(ticket, operation));
    }

    private void start(CompletableFuture<byte[]> result, LongFunction<ClientEvent> event) {
        if (closed) {
            result.completeExceptionally(Failures.of(Reason.CLOSED));
            return;
        }
        long ticket = ++lastTicket;
        invocations.put(ticket, result);
        handle(event.apply(ticket));
    }

    void inspect(ReplicaId replica, CompletableFuture<ReplicaStatus> answer) {
        if (closed) {
            answer.completeExceptionally(Failures.of(Reason.CLOSED));
        } else {
            inspections.ask(replica, answer);
        }
    }

    /** Whatever has not completed completes with {@link Reason#CLOSED}. */
    void close() {
        closed = true;
        timers.values().forEach(timer -> timer.cancel(false));
        timers.clear();
        connections.values().forEach(Connection::close);
        inspections.close();
        // A copy: completing may have the application call this client again.
        Map<Long, CompletableFuture<byte[]>> open = new TreeMap<>(invocations);
        invocations.clear();
        open.values().forEach(result -> result.completeExceptionally(Failures.of(Reason.CLOSED)));
    }

    // --- channels

    @Override
    public Optional<Receiver> opened(Connection connection) {
        if (closed || !(connection.peer() instanceof Peer.OfReplica replica)) {
            return Optional.empty();
        }
        ReplicaId id = replica.id();
        Connection previous = connections.put(id, connection);
        if (previous != null) {
            previous.close();
        }
        for (Verified<Request> request : underWay.values()) {
            connection.send(request.frame());
        }
        handle(new ClientEvent.Connected(id));
        inspections.connected(id, connection);
        return Optional.of(new Receiver() {
            @Override
            public void received(Bytes frame) {
                validate(frame, replica);
            }

            @Override
            public void closed() {
                if (connections.remove(id, connection) && !closed) {
                    handle(new ClientEvent.Disconnected(id));
                }
            }
        });
    }

    private void validate(Bytes frame, Peer.OfReplica from) {
        Validation validation = core.validator().validate(frame, from);
        if (validation instanceof Validation.Rejected rejected) {
            rejections.rejected(rejected.reason(), from, rejected.detail());
        } else if (validation instanceof Validation.Accepted accepted) {
            receive(accepted.message(), from);
        }
    }

    private void receive(Verified<? extends Message> message, Peer.OfReplica from) {
        if (closed) {
            return;
        }
        if (message.message() instanceof Reply) {
            handle(new ClientEvent.ReplyReceived(message.as(Reply.class)));
        } else if (message.message() instanceof ReadReply) {
            handle(new ClientEvent.ReadReplyReceived(message.as(ReadReply.class)));
        } else if (message.message() instanceof Inspection inspection) {
            inspections.answered(inspection);
        } else {
            rejections.rejected(RejectionReason.NOT_PERMITTED, from, "a message that is not for clients");
        }
    }

    // --- the state machine

    private void handle(ClientEvent event) {
        for (ClientEffect effect : core.protocol().handle(event)) {
            apply(effect);
        }
    }

    private void apply(ClientEffect effect) {
        if (effect instanceof ClientEffect.Send send) {
            keep(send.message());
            send(connections.get(send.to()), send.message());
        } else if (effect instanceof ClientEffect.SendToAll send) {
            keep(send.message());
            connections.values().forEach(connection -> send(connection, send.message()));
        } else if (effect instanceof ClientEffect.StartTimer start) {
            long nanos = start.delay().toNanos();
            cancel(timers.put(start.timer(), loop.schedule(() -> fired(start.timer()), nanos, TimeUnit.NANOSECONDS)));
        } else if (effect instanceof ClientEffect.StopTimer stop) {
            cancel(timers.remove(stop.timer()));
            if (stop.timer().kind() == ClientTimer.Kind.RETRY) {
                // A request has this timer for as long as it is under way.
                underWay.remove(stop.timer().number());
            }
        } else if (effect instanceof ClientEffect.Complete complete) {
            complete(complete.ticket(), complete.result());
        } else if (effect instanceof ClientEffect.Fail fail) {
            fail(fail.ticket(), fail.reason());
        }
    }

    /** Reads are not kept: one that gets lost is ordered soon. */
    private void keep(Verified<? extends ClientMessage> message) {
        if (message.message() instanceof Request request) {
            underWay.put(request.id().number(), message.as(Request.class));
        }
    }

    private static void send(Connection connection, Verified<? extends ClientMessage> message) {
        if (connection != null && connection.send(message.frame())) {
            connection.flush();
        }
    }

    private void fired(ClientTimer timer) {
        timers.remove(timer);
        if (!closed) {
            handle(new ClientEvent.TimerFired(timer));
        }
    }

    private static void cancel(Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void complete(long ticket, Result result) {
        CompletableFuture<byte[]> invocation = invocations.remove(ticket);
        if (invocation == null) {
            return;
        }
        if (result.outcome() == Result.Outcome.OK) {
            invocation.complete(result.value().toArray());
        } else {
            invocation.completeExceptionally(Failures.of(Failures.reason(result.outcome())));
        }
    }

    private void fail(long ticket, InvocationException.Reason reason) {
        CompletableFuture<byte[]> invocation = invocations.remove(ticket);
        if (invocation != null) {
            invocation.completeExceptionally(Failures.of(reason));
        }
    }
}
