package dev.quorate.core;

import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.runtime.RuntimeProvider;
import java.io.IOException;
import java.nio.file.Path;
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
        private Optional<Path> usig = Optional.empty();

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

        /**
         * The directory of this replica's own USIG, its trusted counter. Required for MinBFT, and of no use otherwise.
         * The replica opens it with the provider and the settings of the cluster's configuration, keeps what it is about
         * to say beside it, and is the only one that may use it while it runs.
         */
        public Builder usig(Path directory) {
            this.usig = Optional.of(directory);
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
         * @throws ConfigException if the key is not one of the cluster's replicas, or something required is missing, or
         *     the USIG is not the one that the configuration has for this replica
         * @throws dev.quorate.usig.UsigStateException if the USIG cannot be opened; the message says what to do
         * @throws IOException if it cannot listen at its address
         */
        public Replica start() throws IOException {
            if (cluster == null || identity == null || service == null) {
                throw new ConfigException("a replica needs a cluster, an identity and a service");
            }
            if (cluster.protocol() == Protocol.MINBFT && usig.isEmpty()) {
                throw new ConfigException("minbft needs a USIG: say in which directory this replica's is, with"
                        + " Replica.builder().usig(directory)");
            }
            if (cluster.protocol() != Protocol.MINBFT && usig.isPresent()) {
                throw new ConfigException(
                        cluster.protocol().configName() + " has no use for a USIG: leave usig(directory) out");
            }
            return RuntimeProvider.find().start(new ReplicaSetup(cluster, identity, service, observer, listener, usig));
        }
    }
}
