package dev.quorate.core;

import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.runtime.RuntimeProvider;
import dev.quorate.core.storage.StoreProvider;
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
    /** Which of the cluster's replicas this is. */
    ReplicaId id();

    /** Where it stands now; what it was last known to be if it does not answer within a second, as when it has stopped. */
    ReplicaStatus status();

    /**
     * Whether it still runs. A replica stops by itself if it finds that its own state is wrong, or if it can no longer
     * store what binds it; the log says why.
     */
    boolean isRunning();

    /**
     * Stops it, and waits for its threads, half a minute at most. If the service or the listener does not return by then,
     * this does, with a warning in the log; a thread that still uses the store or the USIG keeps them locked until the
     * process ends. More calls do nothing.
     */
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
        private Optional<StoreProvider> storage = Optional.empty();
        private boolean bootstrap;

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

        /**
         * Where this replica keeps what it said, so that it goes on as itself after a restart: {@code
         * FileStore.in(directory)} as a rule. Nobody else may use that store while it runs.
         *
         * <p>Default: it keeps nothing, and every start counts as the first one. That is for tests: a replica that has
         * forgotten what it said may contradict itself, so each that is restarted counts among the <i>f</i> faulty ones,
         * and if all are stopped, everything is lost.
         */
        public Builder storage(StoreProvider store) {
            this.storage = Optional.of(store);
            return this;
        }

        /**
         * Whether an empty store means that this replica never ran before, so that it may take part at once. Only the
         * operator knows that: a store is empty after a disk was lost, too, and then the replica has forgotten what it
         * said and must not be taken for a new one. So say it at the first start of a cluster and never again. Of no use
         * with a store that is not empty. Default: false.
         */
        public Builder bootstrap(boolean firstStart) {
            this.bootstrap = firstStart;
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
         *     the USIG is not the one that the configuration has for this replica, or no runtime is on the class path
         *     ({@code bft-transport})
         * @throws dev.quorate.core.storage.StoreException if the store cannot be opened, or is not
         *     one of this replica; the message says what to do
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
            return RuntimeProvider.find()
                    .start(new ReplicaSetup(cluster, identity, service, observer, listener, usig, storage, bootstrap));
        }
    }
}
