package dev.quorate.simulator.network;

import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayDeque;
import java.util.Deque;

/** The way from one node to another. Faults lay restrictions over each other, so each kind is counted. */
final class Link {
    /** Frames that a link holds back at most: beyond that it loses them, like any queue that is full. */
    private static final int MAX_HELD = 10_000;
    /**
     * No frame is under way for longer, however slow the link: otherwise those behind it would wait for it long after the
     * link has become timely.
     */
    private static final long LONGEST_DELAY_NANOS = 1_000_000_000L;

    private final Randomness random;
    private final Deque<Packet> held = new ArrayDeque<>();
    private int drops;
    private int holds;
    private int slowness = 1;
    private double extraLoss;
    private long lastArrival;

    Link(Randomness random) {
        this.random = random;
    }

    Randomness random() {
        return random;
    }

    boolean isCut() {
        return drops > 0;
    }

    boolean isHeld() {
        return holds > 0;
    }

    void changeDrops(int by) {
        drops += by;
    }

    void changeHolds(int by) {
        holds += by;
    }

    void setSlowness(int factor) {
        slowness = factor;
    }

    void setExtraLoss(double loss) {
        extraLoss = loss;
    }

    boolean loses(LinkConditions conditions) {
        double loss = Math.max(conditions.loss(), extraLoss);
        return loss > 0 && random.chance(loss);
    }

    /** Keeps a packet until the link is let go again; false if it keeps too many already. */
    boolean hold(Packet packet) {
        return held.size() < MAX_HELD && held.add(packet);
    }

    Packet nextHeld() {
        return held.poll();
    }

    /** When a frame that leaves now arrives. */
    long arrival(LinkConditions conditions, long now) {
        long at = now + Math.min(conditions.drawDelay(random) * slowness, LONGEST_DELAY_NANOS);
        boolean overtakes = conditions.reordering() > 0 && random.chance(conditions.reordering());
        if (!overtakes) {
            at = Math.max(at, lastArrival);
        }
        lastArrival = Math.max(lastArrival, at);
        return at;
    }

    void heal() {
        drops = 0;
        holds = 0;
        slowness = 1;
        extraLoss = 0;
    }
}
