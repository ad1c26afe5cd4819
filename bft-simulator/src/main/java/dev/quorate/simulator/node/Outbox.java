package dev.quorate.simulator.node;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import java.util.List;

/** Where a replica's messages leave it. A faulty replica has another one than a correct replica. */
public interface Outbox {
    /** What a correct replica has: its messages go straight to the network. */
    static Outbox direct(SimNetwork network, Peer self) {
        return (message, to) -> {
            Packet packet = new Packet(self, message.frame());
            for (Peer peer : to) {
                network.send(packet, peer);
            }
        };
    }

    /** Sends to each of these peers. */
    void send(Verified<? extends Message> message, List<Peer> to);

    /** A valid message arrived: what a faulty replica may use. */
    default void received(Verified<? extends Message> message) {}
}
