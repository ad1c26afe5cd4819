package dev.quorate.core.runtime;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicaListener;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.storage.StoreProvider;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What a runtime needs to start a replica. No component is null.
 *
 * @param identity the key of one of the cluster's replicas, which says which of them this is
 * @param service in its initial state
 * @param observer is told whatever the replica does
 * @param listener is told what matters of that
 * @param usig the directory of the replica's own USIG; present if and only if the protocol is MinBFT
 * @param storage where it keeps what binds it after a restart; if empty, it keeps nothing, and every start counts as the first
 * @param bootstrap whether an empty store means that the replica never ran before
 */
public record ReplicaSetup(
        ClusterConfig cluster,
        Identity identity,
        ReplicatedService service,
        ReplicaObserver observer,
        Optional<ReplicaListener> listener,
        Optional<Path> usig,
        Optional<StoreProvider> storage,
        boolean bootstrap) {
    public ReplicaSetup {
        Objects.requireNonNull(cluster);
        Objects.requireNonNull(identity);
        Objects.requireNonNull(service);
        Objects.requireNonNull(observer);
        Objects.requireNonNull(listener);
        Objects.requireNonNull(usig);
        Objects.requireNonNull(storage);
    }
}
