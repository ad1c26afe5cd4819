package dev.quorate.core.smr;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Read;
import dev.quorate.core.wire.Verified;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads that are not ordered (Castro and Liskov 1999, section 5.1; Berger, Reiser and Bessani 2021): the service reads in
 * the last state that it executed, and a stamp says which state that was. The client compares.
 *
 * <p>Bound: {@code W_c} reads under way for each client.
 */
public final class FastReads {
    private final boolean enabled;
    private final int readsPerClient;
    private final Replies replies;
    private final Checkpoints checkpoints;
    private final Execution execution;
    private final Effects effects;
    private SequenceNumber notBefore = SequenceNumber.ZERO;
    private final Map<ClientId, Integer> underWay = new TreeMap<>();

    public FastReads(
            ClusterConfig config, Replies replies, Checkpoints checkpoints, Execution execution, Effects effects) {
        this.enabled = config.fastReads();
        this.readsPerClient = config.limits().get(Limit.REQUESTS_PER_SESSION);
        this.replies = replies;
        this.checkpoints = checkpoints;
        this.execution = execution;
        this.effects = effects;
    }

    /**
     * After a restart, or when a wrong state was replaced, this replica may be behind what it has acknowledged: all of that
     * is at most at {@code highest}.
     */
    void waitFor(SequenceNumber highest) {
        notBefore = highest;
    }

    public void onRead(Verified<Read> received) {
        Read read = received.message();
        if (!enabled || notBefore.isAfter(execution.executed())) {
            effects.reject(RejectionReason.NOT_PERMITTED, received);
        } else if (underWay.getOrDefault(read.client(), 0) >= readsPerClient) {
            effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
        } else if (!checkpoints.hasDiverged()) {
            underWay.merge(read.client(), 1, Integer::sum);
            effects.add(new Effect.Read(read.id(), read.operation()));
        }
    }

    public void onDone(Event.ReadDone done) {
        underWay.merge(done.read().client(), -1, (a, b) -> a + b == 0 ? null : a + b);
        if (!checkpoints.hasDiverged()) {
            replies.read(done.read(), done.stamp(), done.result());
        }
    }
}
