package dev.quorate.core.smr;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The states at checkpoints that this replica holds, for those who need them: the stable one and those that may become
 * stable, which are at most as many as a window holds checkpoints, and one; and one more while somebody fetches it. A replica
 * that is behind can get here only if somebody still has the stable one.
 *
 * <p>Whoever fetches a state leases it by asking for its parts, and a faulty replica might never stop asking. So others that
 * ask for another state wait for their turns, and as long as somebody waits a lease has {@value #LONGEST_WAIT_TICKS} ticks.
 * Then it is the turn of the one that has waited longest. Nobody loses a state, however slowly it is fetched, for which
 * nobody waits.
 *
 * <p>Bound: each other replica waits once, until it has not asked for {@value #LEASE_TICKS} ticks.
 */
final class HeldStates {
    /** For so long a state is kept after somebody asked for a part of it. */
    private static final int LEASE_TICKS = 20;
    /** Long enough for a large state, since who has to wait again fetches only what has changed in the meantime. */
    static final int LONGEST_WAIT_TICKS = 200;

    private final Window window;
    private final NavigableMap<SequenceNumber, StateImage> images = new TreeMap<>();
    /** The last of its states that is in the store. */
    private SequenceNumber stored = SequenceNumber.ZERO;
    /** The state that somebody is fetching; null if nobody is. */
    private SequenceNumber leased;

    private int leaseTicks;
    /** For how long somebody has been waiting meanwhile. */
    private int waitedTicks;
    /** Who wants another one: in how many ticks they are forgotten, in the order of their turns. */
    private final Map<ReplicaId, Integer> waiting = new LinkedHashMap<>();

    HeldStates(Window window) {
        this.window = window;
    }

    /** A state of this replica's own was written. */
    void add(SequenceNumber at, StateImage image) {
        images.put(at, image);
        stored(at);
        discard();
    }

    /** Those from before a restart, at least one. */
    void recover(NavigableMap<SequenceNumber, StateImage> states) {
        images.putAll(states);
        stored(states.lastKey());
        discard();
    }

    /** Another state takes the place of all. */
    void replaceAll(SequenceNumber at, StateImage image) {
        images.clear();
        images.put(at, image);
        stored(at); // Before it is installed, and nothing is executed before that.
    }

    private void stored(SequenceNumber at) {
        stored = at.isAfter(stored) ? at : stored;
    }

    /** The last state of this replica that a restart finds; 0 if there is none. */
    SequenceNumber stored() {
        return stored;
    }

    /** Those above the stable checkpoint; a copy. */
    NavigableMap<SequenceNumber, StateImage> aboveStable() {
        return new TreeMap<>(images.tailMap(window.low(), false));
    }

    /** The root of the state at a checkpoint, if it is held. */
    Optional<Digest> rootAt(SequenceNumber at) {
        return Optional.ofNullable(images.get(at)).map(image -> image.root(at));
    }

    /** The state at a checkpoint for a peer that fetches it: one is kept as long as parts of it are asked for. */
    Optional<StateImage> lease(SequenceNumber at, ReplicaId peer) {
        if (images.containsKey(at)) {
            if (leased == null && isNext(peer)) {
                leased = at;
            }
            if (at.equals(leased)) {
                leaseTicks = LEASE_TICKS;
                waiting.remove(peer);
            } else {
                waiting.put(peer, LEASE_TICKS); // Also one that has fetched the leased one, and is behind again.
            }
        }
        return Optional.ofNullable(images.get(at));
    }

    private boolean isNext(ReplicaId peer) {
        return waiting.isEmpty() || waiting.keySet().iterator().next().equals(peer);
    }

    /** Adds to {@code chunks} what this replica has itself of those that are wanted. */
    void keepOwnChunks(Set<Digest> wanted, Map<Digest, Bytes> chunks) {
        for (StateImage image : images.values()) {
            List<Digest> digests = image.digests();
            for (int i = 0; i < digests.size(); i++) {
                if (wanted.contains(digests.get(i))) {
                    chunks.putIfAbsent(digests.get(i), image.chunks().get(i));
                }
            }
        }
    }

    /** A status interval has passed. */
    void onTick() {
        waiting.replaceAll((peer, ticks) -> ticks - 1);
        waiting.values().removeIf(ticks -> ticks <= 0);
        if (leased == null) {
            return;
        }
        leaseTicks--;
        waitedTicks += waiting.isEmpty() ? 0 : 1;
        if (leaseTicks <= 0 || waitedTicks >= LONGEST_WAIT_TICKS) {
            leased = null;
            waitedTicks = 0;
            discard();
        }
    }

    /** The window may have moved. */
    void discard() {
        images.keySet().removeIf(at -> window.low().isAfter(at) && !at.equals(leased));
    }
}
