package dev.quorate.core.smr;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Replicas that want to leave the view, and lack what this one has executed. A faulty primary of MinBFT can have one correct
 * replica count its proposals, and another one not, for which they are out of order; then neither the view nor what is
 * missing comes to that one, nor the answer that a client may need from it. The next checkpoint would help: once it is
 * stable the batches can be had without the streams, or the state. So if this lasts, the primary has to bring it about with
 * null batches, like for one that rejoins, or is suspected.
 *
 * <p>A faulty replica that complains without a reason has the primary fill up one checkpoint interval in the time that a
 * request may wait, and no more.
 */
public final class StrandedPeers {
    private final Window window;
    private final Map<ReplicaId, SequenceNumber> executed = new TreeMap<>();
    private SequenceNumber stable = SequenceNumber.ZERO;
    private long ticks;
    private boolean lasts;

    StrandedPeers(Window window) {
        this.window = window;
    }

    /** A peer says that it has executed up to {@code at}. */
    public void onStatus(ReplicaId peer, SequenceNumber at) {
        executed.put(peer, at);
    }

    /**
     * A status interval has passed.
     *
     * @param wantsToLeave whether a peer asks for a higher view
     * @param ownExecuted how far this replica is
     * @param patience for how many ticks a request may wait
     */
    void onTick(Predicate<ReplicaId> wantsToLeave, SequenceNumber ownExecuted, long patience) {
        boolean isOne = ownExecuted.isAfter(window.low())
                && executed.entrySet().stream()
                        .anyMatch(peer -> ownExecuted.isAfter(peer.getValue()) && wantsToLeave.test(peer.getKey()));
        ticks = isOne && window.low().equals(stable) ? ticks + 1 : 0;
        lasts = ticks >= patience;
        stable = window.low();
    }

    /** Whether the next checkpoint is needed. */
    boolean needCheckpoint() {
        return lasts;
    }

    /** Whether what follows {@code proposed} is needed for that. */
    boolean needAfter(SequenceNumber proposed) {
        return lasts && !window.isCheckpoint(proposed);
    }
}
