package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gives the states that this replica holds to those who fetch one: see {@link StateTransfer}.
 *
 * <p>Budget: to each peer in a status interval four times as many of the largest parts as it asks for at a time, or as many
 * bytes of smaller ones.
 */
public final class StateSource {
    /** What one peer gets in an interval: a correct one asks for the next part when it has got one. */
    private static final long BYTES_IN_AN_INTERVAL = 4L * StateTransfer.PARTS_FOR_EACH_PEER * StateImage.CHUNK_BYTES;
    /** What an answer costs even if the part is smaller. */
    private static final int LEAST_BYTES = 16 << 10;

    private final ReplicaId self;
    private final Sealer sealer;
    private final HeldStates states;
    private final Effects effects;
    /** What each peer was given in this interval, in bytes. */
    private final Map<ReplicaId, Long> given = new TreeMap<>();

    StateSource(ReplicaId self, Sealer sealer, HeldStates states, Effects effects) {
        this.self = self;
        this.sealer = sealer;
        this.states = states;
        this.effects = effects;
    }

    /** A status interval has passed. */
    void onTick() {
        given.clear();
    }

    /** A peer asks for a part of a state; an empty one says that it is not here. */
    public void onFetch(Verified<FetchState> received) {
        FetchState fetch = received.message();
        ReplicaId peer = fetch.replica();
        long before = given.getOrDefault(peer, 0L);
        if (before >= BYTES_IN_AN_INTERVAL) {
            effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
            return;
        }
        Bytes content = states.lease(fetch.sequenceNumber(), peer)
                .map(image -> part(image, fetch.part()))
                .orElse(Bytes.EMPTY);
        given.put(peer, before + Math.max(content.length(), LEAST_BYTES));
        effects.add(
                new Effect.Send(peer, sealer.seal(new StatePart(self, fetch.sequenceNumber(), fetch.part(), content))));
    }

    private static Bytes part(StateImage image, int part) {
        if (part == StateTransfer.MANIFEST) {
            return image.manifest();
        }
        return part <= image.chunks().size() ? image.chunks().get(part - 1) : Bytes.EMPTY;
    }
}
