package dev.quorate.simulator.node;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.client.ClientEffect;
import dev.quorate.core.client.ClientEvent;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Observation;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.network.Packet;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** One session of a correct client: drives the production state machine, and keeps it busy. */
final class SimSession {
    private final World world;
    private final SimClient client;
    private final long session;
    private final int pipeline;
    private final ClientCore core;
    /** Looked up only, never iterated over. */
    private final Map<Long, Scheduler.Cancellable> timers = new HashMap<>();

    private final SortedSet<Long> outstanding = new TreeSet<>();
    private final int abandonedAfter;
    private long lastSubmitted;
    private int remaining;
    private int completed;
    private boolean ended;

    SimSession(World world, SimClient client, long session, int operations, int pipeline, Randomness random) {
        this.world = world;
        this.client = client;
        this.session = session;
        this.pipeline = pipeline;
        this.remaining = operations;
        this.core = world.cores()
                .client(
                        world.members().config(),
                        world.members().clients().get(client.id().value()),
                        session);
        this.abandonedAfter = client.abandons() ? random.between(0, operations - 1) : Integer.MAX_VALUE;
    }

    ClientCore core() {
        return core;
    }

    boolean isDone() {
        return ended || (remaining == 0 && outstanding.isEmpty());
    }

    int outstanding() {
        return outstanding.size();
    }

    void start() {
        for (int i = 0; i < pipeline; i++) {
            invokeNext();
        }
    }

    private void invokeNext() {
        if (ended || remaining == 0) {
            return;
        }
        remaining--;
        long ticket = client.nextTicket();
        Bytes operation = client.nextOperation();
        outstanding.add(ticket);
        world.show(new Observation.Invoked(world.now(), client.id(), session, ticket, operation));
        handle(new ClientEvent.Invoke(ticket, operation));
    }

    void receive(Verified<Reply> reply) {
        if (!ended) {
            handle(new ClientEvent.ReplyReceived(reply));
        }
    }

    private void handle(ClientEvent event) {
        for (ClientEffect effect : core.protocol().handle(event)) {
            apply(effect);
        }
    }

    private void apply(ClientEffect effect) {
        if (effect instanceof ClientEffect.Send send) {
            submitted(send.request());
            world.network().send(new Packet(client.peer(), send.request().frame()), new Peer.OfReplica(send.to()));
        } else if (effect instanceof ClientEffect.SendToAll send) {
            submitted(send.request());
            world.coverage().count("client sends to all");
            Packet packet = new Packet(client.peer(), send.request().frame());
            for (int i = 0; i < world.members().config().n(); i++) {
                world.network().send(packet, new Peer.OfReplica(new ReplicaId(i)));
            }
        } else if (effect instanceof ClientEffect.StartTimer start) {
            startTimer(start);
        } else if (effect instanceof ClientEffect.StopTimer stop) {
            cancel(stop.number());
        } else if (effect instanceof ClientEffect.Complete complete) {
            world.coverage().count("invocation completes: " + complete.result().outcome());
            world.show(
                    new Observation.Completed(world.now(), client.id(), session, complete.ticket(), complete.result()));
            ended(complete.ticket());
        } else if (effect instanceof ClientEffect.Fail fail) {
            world.coverage().count("invocation fails: " + fail.reason());
            world.show(new Observation.GaveUp(world.now(), client.id(), session, fail.ticket()));
            ended(fail.ticket());
        } else {
            throw new IllegalStateException("the simulator does not know what to do with " + effect);
        }
    }

    private void submitted(Verified<Request> request) {
        Request message = request.message();
        if (message.id().number() > lastSubmitted) {
            lastSubmitted = message.id().number();
            world.show(new Observation.Submitted(world.now(), message.id(), message.operation()));
        }
    }

    private void startTimer(ClientEffect.StartTimer start) {
        cancel(start.number());
        timers.put(start.number(), world.scheduler().after(start.delay().toNanos(), () -> {
            timers.remove(start.number());
            if (!ended) {
                handle(new ClientEvent.TimerFired(start.number()));
            }
        }));
    }

    private void cancel(long number) {
        Scheduler.Cancellable running = timers.remove(number);
        if (running != null) {
            running.cancel();
        }
    }

    /** An invocation has ended, one way or the other. */
    private void ended(long ticket) {
        outstanding.remove(ticket);
        completed++;
        if (completed > abandonedAfter) {
            abandon();
        } else if (remaining > 0) {
            world.scheduler().after(client.thinkNanos(), this::invokeNext);
        } else if (outstanding.isEmpty()) {
            end();
        }
    }

    private void abandon() {
        world.coverage().count("client abandons a session");
        for (long ticket : outstanding) {
            world.show(new Observation.GaveUp(world.now(), client.id(), session, ticket));
        }
        outstanding.clear();
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            client.ended(this);
        }
    }
}
