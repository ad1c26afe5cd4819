package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.kernel.Randomness;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import dev.quorate.simulator.node.Outbox;
import dev.quorate.simulator.node.SimReplica;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Two correct replicas that run with one identity (Bano et al., "Twins", OPODIS 2021): each peer talks to the one, the
 * other, or both, and who talks to whom changes now and then. Together they equivocate in ways that nobody had to think
 * of.
 */
public final class Twins implements SimNetwork.Node {
    private enum Contact {
        FIRST,
        SECOND,
        BOTH
    }

    private final Scheduler scheduler;
    private final Randomness random;
    /** Looked up only, never iterated over. */
    private final Map<Peer, Contact> contacts = new HashMap<>();

    private SimReplica first;
    private SimReplica second;

    public Twins(Scheduler scheduler, Randomness random) {
        this.scheduler = scheduler;
        this.random = random;
    }

    /** The two copies, each of which sends through what {@link #outboxOf} made of its outbox. */
    public void set(SimReplica firstCopy, SimReplica secondCopy) {
        this.first = firstCopy;
        this.second = secondCopy;
    }

    /** Starts both, and changes who talks to whom about every {@code periodNanos}. */
    public void start(long periodNanos) {
        first.start();
        second.start();
        changeLater(periodNanos);
    }

    private void changeLater(long periodNanos) {
        scheduler.after(random.between(periodNanos / 2, periodNanos), () -> {
            contacts.clear();
            changeLater(periodNanos);
        });
    }

    private Contact contact(Peer peer) {
        return contacts.computeIfAbsent(peer, p -> Contact.values()[random.below(Contact.values().length)]);
    }

    /** Lets through only what goes to the peers that talk to this copy. */
    public UnaryOperator<Outbox> outboxOf(boolean isFirst) {
        return outbox -> (message, to) -> send(outbox, isFirst, message, to);
    }

    private void send(Outbox outbox, boolean isFirst, Verified<? extends Message> message, List<Peer> to) {
        Contact other = isFirst ? Contact.SECOND : Contact.FIRST;
        outbox.send(message, to.stream().filter(peer -> contact(peer) != other).toList());
    }

    @Override
    public void receive(Packet packet, long sentAtNanos) {
        Contact contact = contact(packet.from());
        if (contact != Contact.SECOND) {
            first.receive(packet, sentAtNanos);
        }
        if (contact != Contact.FIRST) {
            second.receive(packet, sentAtNanos);
        }
    }

    @Override
    public void reconnected(Peer peer) {
        first.reconnected(peer);
        second.reconnected(peer);
    }

    @Override
    public void disconnected(Peer peer) {
        first.disconnected(peer);
        second.disconnected(peer);
    }
}
