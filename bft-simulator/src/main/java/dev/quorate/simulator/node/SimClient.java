package dev.quorate.simulator.node;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Reply;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.OperationGenerator;
import dev.quorate.simulator.journal.SimEvent;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A correct client of a run: opens one session after the other, and has each of them execute operations. */
public final class SimClient implements SimNetwork.Node {
    private final World world;
    private final ClientId id;
    private final Peer peer;
    private final ClientPlan plan;
    private final OperationGenerator generator;
    private final Predicate<Bytes> reads;
    private final Randomness random;
    private final List<SimSession> sessions = new ArrayList<>();
    private long lastSession;
    private long lastTicket;
    private int remaining;
    private boolean lastRound;

    /** @param reads which operations it does not have ordered */
    public SimClient(World world, ClientId id, ClientPlan plan, OperationGenerator generator, Predicate<Bytes> reads) {
        this.world = world;
        this.id = id;
        this.peer = new Peer.OfClient(id);
        this.plan = plan;
        this.generator = generator;
        this.reads = reads;
        this.random = world.seed().stream("client", id.value());
        this.remaining = plan.operations();
    }

    public ClientId id() {
        return id;
    }

    public Peer peer() {
        return peer;
    }

    /** Begins. */
    public void start() {
        for (int i = 0; i < plan.concurrentSessions(); i++) {
            world.scheduler().after(random.between(0, plan.maxThinkNanos()), this::openNext);
        }
    }

    private void openNext() {
        int operations = Math.min(remaining, plan.operationsPerSession());
        if (operations > 0 && !lastRound) {
            remaining -= operations;
            open(operations);
        }
    }

    private void open(int operations) {
        lastSession += random.between(1, 3);
        sessions.add(new SimSession(world, this, lastSession, operations, plan.pipeline(), random));
        world.coverage().count("client opens a session");
        sessions.get(sessions.size() - 1).start();
    }

    /** The last round, which correct replicas have to complete: a few more operations in a new session. */
    public void startLastRound(int operations) {
        lastRound = true;
        open(operations);
    }

    /** Whether all its invocations have ended, one way or the other. */
    public boolean isDone() {
        for (SimSession session : sessions) {
            if (!session.isDone()) {
                return false;
            }
        }
        return lastRound || remaining == 0;
    }

    /** How many of its invocations have not ended. */
    public int outstanding() {
        return sessions.stream().mapToInt(SimSession::outstanding).sum();
    }

    /** A session that has nothing more to do says so. */
    void ended(SimSession session) {
        sessions.remove(session);
        world.scheduler().after(random.between(0, plan.maxThinkNanos()), this::openNext);
    }

    boolean abandons() {
        return !lastRound && random.chance(plan.abandonment());
    }

    long thinkNanos() {
        return random.between(0, plan.maxThinkNanos());
    }

    long nextTicket() {
        return ++lastTicket;
    }

    Bytes nextOperation() {
        return generator.next(random);
    }

    /** Whether it wants an operation read without having it ordered. */
    boolean reads(Bytes operation) {
        return reads.test(operation);
    }

    @Override
    public void receive(Packet packet, long sentAtNanos) {
        // All sessions of a client validate alike.
        if (sessions.isEmpty()) {
            world.network().lose(packet, peer, "the client has no session");
            return;
        }
        Validation validation = sessions.get(0).driver().core().validator().validate(packet.frame(), packet.from());
        world.journal()
                .add(new SimEvent.Delivered(world.now(), sentAtNanos, packet.from(), peer, packet.frame(), validation));
        if (!(validation instanceof Validation.Accepted accepted)) {
            return;
        }
        for (SimSession session : List.copyOf(sessions)) {
            if (accepted.message().message() instanceof Reply) {
                session.driver().receive(accepted.message().as(Reply.class));
            } else if (accepted.message().message() instanceof ReadReply) {
                session.driver().receiveRead(accepted.message().as(ReadReply.class));
            }
        }
    }

    @Override
    public void reconnected(Peer other) {
        // Clients say nothing when they are connected again: their timers do.
    }

    @Override
    public void disconnected(Peer other) {
        // Nor when they are not any more.
    }
}
