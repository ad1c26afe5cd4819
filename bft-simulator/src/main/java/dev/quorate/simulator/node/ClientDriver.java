package dev.quorate.simulator.node;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.client.ClientEffect;
import dev.quorate.core.client.ClientEvent;
import dev.quorate.core.client.ClientTimer;
import dev.quorate.core.message.ClientMessage;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.network.Packet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Drives the production state machine of one session of a correct client. */
public final class ClientDriver {
    private final World world;
    private final ClientId client;
    private final Peer peer;
    private final long session;
    private final ClientCore core;
    private final Listener listener;
    /** Looked up only, never iterated over. */
    private final Map<ClientTimer, Scheduler.Cancellable> timers = new HashMap<>();

    private long lastSubmitted;
    private boolean closed;

    /** Is told how invocations end. */
    public interface Listener {
        /** {@code result} is empty if the client gave up. */
        void ended(long ticket, Optional<Result> result);
    }

    /** A new session; its id has to be higher than that of every earlier session of this client. */
    public ClientDriver(World world, ClientId client, long session, Listener listener) {
        this.world = world;
        this.client = client;
        this.peer = new Peer.OfClient(client);
        this.session = session;
        this.listener = listener;
        this.core = world.cores()
                .client(world.members().config(), world.members().clients().get(client.value()), session);
    }

    public ClientCore core() {
        return core;
    }

    public long session() {
        return session;
    }

    /** Asks for an operation; {@code ticket} names the invocation. */
    public void invoke(long ticket, Bytes operation) {
        world.show(new Observation.Invoked(world.now(), client, session, ticket, operation));
        handle(new ClientEvent.Invoke(ticket, operation));
    }

    /** Asks for an operation that only reads; {@code ticket} names the invocation. */
    public void read(long ticket, Bytes operation) {
        world.show(new Observation.Invoked(world.now(), client, session, ticket, operation));
        handle(new ClientEvent.Read(ticket, operation));
    }

    /** What was read arrived, perhaps for another session. */
    public void receiveRead(Verified<ReadReply> reply) {
        handle(new ClientEvent.ReadReplyReceived(reply));
    }

    /** A reply arrived, perhaps for another session. */
    public void receive(Verified<Reply> reply) {
        handle(new ClientEvent.ReplyReceived(reply));
    }

    /** The client forgets this invocation: nobody will know how it ended. */
    public void giveUp(long ticket) {
        world.show(new Observation.GaveUp(world.now(), client, session, ticket));
    }

    /** Nothing happens any more. */
    public void close() {
        closed = true;
    }

    private void handle(ClientEvent event) {
        if (!closed) {
            for (ClientEffect effect : core.protocol().handle(event)) {
                apply(effect, event);
            }
        }
    }

    /** A result completes with a reply to its own request, or with one to its own read. */
    private static Optional<RequestId> requestAnswered(ClientEvent event) {
        return event instanceof ClientEvent.ReplyReceived received
                ? Optional.of(received.reply().message().request())
                : Optional.empty();
    }

    private void apply(ClientEffect effect, ClientEvent event) {
        if (effect instanceof ClientEffect.Send send) {
            submitted(send.message());
            world.network().send(new Packet(peer, send.message().frame()), new Peer.OfReplica(send.to()));
        } else if (effect instanceof ClientEffect.SendToAll send) {
            submitted(send.message());
            world.coverage().count("client sends to all");
            Packet packet = new Packet(peer, send.message().frame());
            for (int i = 0; i < world.members().config().n(); i++) {
                world.network().send(packet, new Peer.OfReplica(new ReplicaId(i)));
            }
        } else if (effect instanceof ClientEffect.StartTimer start) {
            startTimer(start);
        } else if (effect instanceof ClientEffect.StopTimer stop) {
            cancel(stop.timer());
        } else if (effect instanceof ClientEffect.Complete complete) {
            world.coverage().count("invocation completes: " + complete.result().outcome());
            if (requestAnswered(event).isEmpty()) {
                world.coverage().count("read completes without being ordered");
            }
            world.show(new Observation.Completed(
                    world.now(), client, session, complete.ticket(), complete.result(), requestAnswered(event)));
            listener.ended(complete.ticket(), Optional.of(complete.result()));
        } else if (effect instanceof ClientEffect.Fail fail) {
            world.coverage().count("invocation fails: " + fail.reason());
            giveUp(fail.ticket());
            listener.ended(fail.ticket(), Optional.empty());
        } else {
            throw new IllegalStateException("the simulator does not know what to do with " + effect);
        }
    }

    private void submitted(Verified<? extends ClientMessage> sent) {
        if (sent.message() instanceof Request message && message.id().number() > lastSubmitted) {
            lastSubmitted = message.id().number();
            world.show(new Observation.Submitted(world.now(), message.id(), message.operation()));
        }
    }

    private void startTimer(ClientEffect.StartTimer start) {
        cancel(start.timer());
        timers.put(start.timer(), world.scheduler().after(start.delay().toNanos(), () -> {
            timers.remove(start.timer());
            handle(new ClientEvent.TimerFired(start.timer()));
        }));
    }

    private void cancel(ClientTimer timer) {
        Scheduler.Cancellable running = timers.remove(timer);
        if (running != null) {
            running.cancel();
        }
    }
}
