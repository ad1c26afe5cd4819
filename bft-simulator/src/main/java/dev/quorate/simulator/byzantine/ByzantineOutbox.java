package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.kernel.Scheduler;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import dev.quorate.simulator.node.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Sends everything that a replica says through its behaviours, one after the other. */
public final class ByzantineOutbox implements Outbox {
    /** What one message may become at most: several behaviours of one chain may multiply messages. */
    private static final int MAX_FANOUT = 64;
    /** What it sends at most between two times that it is idle: a run has to end, however faulty a replica is. */
    private static final int MAX_FRAMES = 300;

    private final Scheduler scheduler;
    private final SimNetwork network;
    private final Adversary adversary;
    private final List<Behaviour> behaviours;
    private final Peer self;
    private int frames;

    /**
     * @param running whether the replica is up; {@link Behaviour#idle} is asked for while it is
     * @param idleNanos about how often
     */
    public ByzantineOutbox(
            Scheduler scheduler,
            SimNetwork network,
            Adversary adversary,
            List<Behaviour> behaviours,
            BooleanSupplier running,
            long idleNanos) {
        this.scheduler = scheduler;
        this.network = network;
        this.adversary = adversary;
        this.behaviours = List.copyOf(behaviours);
        this.self = new Peer.OfReplica(adversary.self());
        idleLater(running, idleNanos);
    }

    private void idleLater(BooleanSupplier running, long idleNanos) {
        scheduler.after(adversary.random().between(idleNanos / 2, idleNanos), () -> {
            frames = 0;
            if (running.getAsBoolean()) {
                for (int i = 0; i < behaviours.size(); i++) {
                    emit(behaviours.get(i).idle(adversary), i + 1);
                }
            }
            idleLater(running, idleNanos);
        });
    }

    @Override
    public void send(Verified<? extends Message> message, List<Peer> to) {
        adversary.loot().add(message);
        for (Peer peer : to) {
            emit(List.of(Outgoing.of(peer, message)), 0);
        }
    }

    @Override
    public void received(Verified<? extends Message> message) {
        adversary.loot().add(message);
        for (int i = 0; i < behaviours.size(); i++) {
            emit(behaviours.get(i).received(message, adversary), i + 1);
        }
    }

    /** Sends, through the behaviours from {@code first} on. */
    private void emit(List<Outgoing> original, int first) {
        List<Outgoing> current = original;
        for (int i = first; i < behaviours.size() && !current.isEmpty(); i++) {
            List<Outgoing> next = new ArrayList<>();
            for (Outgoing outgoing : current) {
                next.addAll(behaviours.get(i).send(outgoing, adversary));
            }
            current = next.size() > MAX_FANOUT ? next.subList(0, MAX_FANOUT) : next;
        }
        for (Outgoing outgoing : current) {
            if (!outgoing.to().equals(self) && frames++ < MAX_FRAMES) {
                Packet packet = new Packet(self, outgoing.frame());
                if (outgoing.delayNanos() == 0) {
                    network.send(packet, outgoing.to());
                } else {
                    scheduler.after(outgoing.delayNanos(), () -> network.send(packet, outgoing.to()));
                }
            }
        }
    }
}
