package dev.quorate.simulator.network;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.wire.Peer;
import dev.quorate.simulator.journal.Journal;
import dev.quorate.simulator.journal.SimEvent;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.kernel.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Carries frames between nodes. Nobody can send in another's name: like an authenticated channel, a link says who is at
 * its other end. Not thread-safe.
 */
public final class SimNetwork {
    private final Scheduler scheduler;
    private final Journal journal;
    private final int replicas;
    private final List<Link> links = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private LinkConditions conditions = LinkConditions.timely();
    private BiPredicate<Packet, Peer> interceptor = (packet, to) -> false;

    /** Somebody who is connected to the network. */
    public interface Node {
        /** A packet arrives that left its sender at {@code sentAtNanos}. */
        void receive(Packet packet, long sentAtNanos);

        /** The channel to {@code peer} stands again: what was sent before may be lost. */
        void reconnected(Peer peer);

        /** The channel to {@code peer} broke. */
        void disconnected(Peer peer);
    }

    public SimNetwork(Scheduler scheduler, Journal journal, Seed seed, int replicas, int clients) {
        this.scheduler = scheduler;
        this.journal = journal;
        this.replicas = replicas;
        int size = replicas + clients;
        for (int i = 0; i < size; i++) {
            nodes.add(null);
        }
        for (int i = 0; i < size * size; i++) {
            links.add(new Link(seed.stream("link", i)));
        }
    }

    public void attach(Peer peer, Node node) {
        nodes.set(index(peer), node);
    }

    /** Sends; the frame may get lost. */
    public void send(Packet packet, Peer to) {
        if (interceptor.test(packet, to)) {
            return;
        }
        transmit(packet, to);
    }

    /** Sends without asking the interceptor. */
    public void transmit(Packet packet, Peer to) {
        Link link = link(packet.from(), to);
        if (link.isCut()) {
            lose(packet, to, "the link is cut");
        } else if (link.isHeld()) {
            if (!link.hold(packet)) {
                lose(packet, to, "the link holds too many");
            }
        } else if (link.loses(conditions)) {
            lose(packet, to, "bad luck");
        } else {
            deliverLater(link, packet, to);
            if (conditions.duplication() > 0 && link.random().chance(conditions.duplication())) {
                deliverLater(link, packet, to);
            }
        }
    }

    private void deliverLater(Link link, Packet packet, Peer to) {
        long sentAt = scheduler.now();
        scheduler.at(link.arrival(conditions, sentAt), () -> node(to).receive(packet, sentAt));
    }

    /** Notes that a packet did not arrive. */
    public void lose(Packet packet, Peer to, String why) {
        journal.add(new SimEvent.Lost(scheduler.now(), packet.from(), to, packet.frame(), why));
    }

    /** From now on {@code interceptor} sees each packet first; what it answers true to is its own to deliver. */
    public void intercept(BiPredicate<Packet, Peer> interceptor) {
        this.interceptor = interceptor;
    }

    // --- what faults do to it

    /** How all links treat frames from now on. */
    public void setConditions(LinkConditions conditions) {
        this.conditions = conditions;
    }

    /** Loses whatever is sent from one to the other, until as many {@link #mend} undo it. */
    public void cut(Peer from, Peer to) {
        link(from, to).changeDrops(1);
    }

    /** Undoes one {@link #cut}. */
    public void mend(Peer from, Peer to) {
        link(from, to).changeDrops(-1);
    }

    /** Keeps whatever is sent from one to the other until as many {@link #release} undo it. */
    public void hold(Peer from, Peer to) {
        link(from, to).changeHolds(1);
    }

    /** Undoes one {@link #hold}; with the last one everything that was kept goes on its way. */
    public void release(Peer from, Peer to) {
        Link link = link(from, to);
        link.changeHolds(-1);
        deliverHeld(link, to);
    }

    private void deliverHeld(Link link, Peer to) {
        if (!link.isHeld()) {
            for (Packet packet = link.nextHeld(); packet != null; packet = link.nextHeld()) {
                deliverLater(link, packet, to);
            }
        }
    }

    /** Makes a link slower by a factor; 1 is its usual speed. */
    public void slow(Peer from, Peer to, int factor) {
        link(from, to).setSlowness(factor);
    }

    /** Makes a link lose at least this share of frames; 0 is its usual loss. */
    public void lossy(Peer from, Peer to, double loss) {
        link(from, to).setExtraLoss(loss);
    }

    /** Tells both ends that they are connected again. */
    public void reconnect(Peer one, Peer other) {
        node(one).reconnected(other);
        node(other).reconnected(one);
    }

    /** Tells both ends that they are not connected any more. */
    public void disconnect(Peer one, Peer other) {
        node(one).disconnected(other);
        node(other).disconnected(one);
    }

    /** Ends every fault of every link. */
    public void heal() {
        for (int i = 0; i < links.size(); i++) {
            links.get(i).heal();
            deliverHeld(links.get(i), peer(i % nodes.size()));
        }
    }

    private Node node(Peer peer) {
        return nodes.get(index(peer));
    }

    private Link link(Peer from, Peer to) {
        return links.get(index(from) * nodes.size() + index(to));
    }

    private int index(Peer peer) {
        if (peer instanceof Peer.OfReplica replica) {
            return replica.id().value();
        }
        return replicas + ((Peer.OfClient) peer).id().value();
    }

    private Peer peer(int index) {
        return index < replicas
                ? new Peer.OfReplica(new ReplicaId(index))
                : new Peer.OfClient(new ClientId(index - replicas));
    }
}
