package dev.quorate.core.smr;

import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
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
 */
final class HeldStates {
    private static final int LEASE_TICKS = 20;

    private final Window window;
    private final NavigableMap<SequenceNumber, StateImage> images = new TreeMap<>();
    /** The last of its states that is in the store. */
    private SequenceNumber stored = SequenceNumber.ZERO;
    /** The state that somebody is fetching; null if nobody is. */
    private SequenceNumber leased;

    private int leaseTicks;

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

    /** The state at a checkpoint for somebody who fetches it: one is kept as long as parts of it are asked for. */
    Optional<StateImage> lease(SequenceNumber at) {
        if (images.containsKey(at) && (leased == null || leased.equals(at))) {
            leased = at;
            leaseTicks = LEASE_TICKS;
        }
        return Optional.ofNullable(images.get(at));
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
        if (leased != null && --leaseTicks <= 0) {
            leased = null;
            discard();
        }
    }

    /** The window may have moved. */
    void discard() {
        images.keySet().removeIf(at -> window.low().isAfter(at) && !at.equals(leased));
    }
}
