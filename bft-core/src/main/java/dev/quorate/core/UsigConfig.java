package dev.quorate.core;

import dev.quorate.usig.UsigIdentity;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The trusted counters of a MinBFT cluster. Whether there is a provider of that name is only known where one is opened:
 * clients need none on their class path.
 *
 * @param provider the name of the {@link dev.quorate.usig.UsigProvider} that all replicas use
 * @param settings what that provider is told, the same for every replica; copied
 * @param identities those of the replicas, in the order of their ids, all of this provider and in epoch 0
 */
public record UsigConfig(String provider, Map<String, String> settings, List<UsigIdentity> identities) {
    /** Throws {@link IllegalArgumentException} if an identity is of another provider or epoch, or there twice. */
    public UsigConfig {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        identities = List.copyOf(identities);
        Set<UsigIdentity> distinct = new HashSet<>();
        for (int id = 0; id < identities.size(); id++) {
            UsigIdentity identity = identities.get(id);
            if (!identity.provider().equals(provider)) {
                throw new IllegalArgumentException("replica " + id + " has a USIG of '" + identity.provider()
                        + "', and the cluster uses '" + provider + "'");
            }
            if (identity.epoch() != 0) {
                throw new IllegalArgumentException("replica " + id + " has a USIG in epoch " + identity.epoch()
                        + "; a new cluster begins with epoch 0");
            }
            if (!distinct.add(identity)) {
                throw new IllegalArgumentException("replica " + id + " has the same USIG as another replica");
            }
        }
    }

    /** That of one replica of the cluster. */
    public UsigIdentity identity(ReplicaId replica) {
        return identities.get(replica.value());
    }
}
