package dev.quorate.simulator.crypto;

import dev.quorate.core.ReplicaId;
import dev.quorate.usig.UsigIdentity;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The epochs of the counters that one replica believes, in one of its lives: those that the cluster began with, and those
 * with which others have rejoined, as far as it was told. As many as in production.
 */
public final class KnownEpochs {
    private static final int KEPT = 5;

    private final Map<ReplicaId, NavigableSet<Long>> byReplica = new TreeMap<>();
    /** A copy that does not change. */
    private Map<ReplicaId, NavigableSet<Long>> snapshot = Map.of();

    /** @param accepted what it remembers from earlier lives */
    public KnownEpochs(Map<ReplicaId, List<UsigIdentity>> accepted) {
        accepted.forEach((of, usigs) -> usigs.forEach(one -> accept(of, one)));
    }

    /** From now on that one, too. */
    public void accept(ReplicaId replica, UsigIdentity identity) {
        NavigableSet<Long> ofOne = new TreeSet<>(byReplica.getOrDefault(replica, new TreeSet<>(List.of(0L))));
        ofOne.add(identity.epoch());
        while (ofOne.size() > KEPT) {
            ofOne.pollFirst();
        }
        byReplica.put(replica, ofOne);
        snapshot = new TreeMap<>(byReplica);
    }

    boolean has(ReplicaId replica, long epoch) {
        NavigableSet<Long> ofOne = byReplica.get(replica);
        return ofOne == null ? epoch == 0 : ofOne.contains(epoch);
    }

    /** Equal to that of any other replica that believes the same, and never changed. */
    public Object snapshot() {
        return snapshot;
    }
}
