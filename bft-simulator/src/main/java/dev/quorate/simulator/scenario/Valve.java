package dev.quorate.simulator.scenario;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import dev.quorate.simulator.network.Packet;
import dev.quorate.simulator.network.SimNetwork;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps a {@link Flow} from arriving: loses it, or holds it back. */
public final class Valve {
    private record Held(Packet packet, Peer to) {}

    private final SimNetwork network;
    private final Flow flow;
    private final boolean keeps;
    private final Deque<Held> held = new ArrayDeque<>();
    private boolean open;
    private int stopped;

    Valve(SimNetwork network, Flow flow, boolean keeps) {
        this.network = network;
        this.flow = flow;
        this.keeps = keeps;
    }

    /** Whether it takes the packet. */
    boolean takes(Packet packet, Peer to, Message message) {
        if (open || !flow.includes(packet.from(), to, message)) {
            return false;
        }
        stopped++;
        if (keeps) {
            held.add(new Held(packet, to));
        } else {
            network.lose(packet, to, "the scenario says so");
        }
        return true;
    }

    /** How many messages it stopped so far. */
    public int stopped() {
        return stopped;
    }

    /** Lets everything through from now on; what was held back goes on its way. */
    public void open() {
        open = true;
        releaseNow();
    }

    /** What was held back so far goes on its way; what comes later is still stopped. */
    public void releaseNow() {
        for (Held next = held.poll(); next != null; next = held.poll()) {
            network.transmit(next.packet, next.to);
        }
    }
}
