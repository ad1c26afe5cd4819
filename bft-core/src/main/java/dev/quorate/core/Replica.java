package dev.quorate.core;

import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.runtime.RuntimeProvider;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * A running replica of one cluster. Thread-safe.
 *
 * <p>It takes part from the moment that {@link Builder#start()} returns, whether or not its peers can be reached yet.
 */
public interface Replica extends AutoCloseable {
    ReplicaId id();

    /** Where it stands now. */
    ReplicaStatus status();

    /**
     * Whether it still runs. A replica stops by itself if it finds that its own state is wrong, or if it can no longer
     * store what binds it; the log says why.
     */
    boolean isRunning();

    /** Stops it, and waits until its threads have ended. More calls do nothing. */
    @Override
    void close();

    static Builder builder() {
        return new Builder();
    }

    /** Collects what a replica needs. Not thread-safe. */
    final class Builder {
        private ClusterConfig cluster;
        private Identity identity;
        private ReplicatedService service;
        private ReplicaObserver observer = ReplicaObserver.NONE;
        private Optional<ReplicaListener> listener = Optional.empty();

        private Builder() {}

        /** The cluster to be part of. Required. */
        public Builder cluster(ClusterConfig cluster) {
            this.cluster = Objects.requireNonNull(cluster);
            return this;
        }

        /** The key of one of the cluster's replicas, which says which of them this is. Required. */
        public Builder identity(Identity identity) {
            this.identity = Objects.requireNonNull(identity);
            return this;
        }

        /** The service to replicate, in its initial state; from now on only the replica may touch it. Required. */
        public Builder service(ReplicatedService service) {
            this.service = Objects.requireNonNull(service);
            return this;
        }

        /** Who is told what happens at the replica, on a thread of its own. Default: nobody. */
        public Builder listener(ReplicaListener listener) {
            this.listener = Optional.of(listener);
            return this;
        }

        /** Who is told everything that the replica does, step by step. Default: nobody. */
        public Builder observer(ReplicaObserver observer) {
            this.observer = Objects.requireNonNull(observer);
            return this;
        }

        /**
         * Starts the replica.
         *
         * @throws ConfigException if the key is not one of the cluster's replicas, or something required is missing
         * @throws IOException if it cannot listen at its address
         */
        public Replica start() throws IOException {
            if (cluster == null || identity == null || service == null) {
                throw new ConfigException("a replica needs a cluster, an identity and a service");
            }
            return RuntimeProvider.find().start(new ReplicaSetup(cluster, identity, service, observer, listener));
        }
    }
}
