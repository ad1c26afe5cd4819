package dev.quorate.core;

import dev.quorate.core.runtime.RuntimeProvider;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a cluster. Thread-safe.
 *
 * <p>Each client object has a session of its own. Its operations are executed in the order of the calls, each exactly
 * once; as many as {@code requestsPerSession} are under way at a time, and further ones wait their turn.
 */
public interface BftClient extends AutoCloseable {
    /**
     * Has the cluster execute an operation.
     *
     * <p>The future completes with the result that at least one correct replica vouches for, or exceptionally with an
     * {@link InvocationException}: at the latest after {@code clientTimeoutMillis}, and at once, with
     * {@link InvocationException.Reason#OVERLOADED}, if 64 times {@code requestsPerSession} operations wait already. It
     * completes on a thread of the client, which has to be given back soon.
     *
     * @param operation not null, at most {@code maxOperationBytes} long; copied
     * @throws IllegalArgumentException if it is too long
     */
    CompletableFuture<byte[]> invoke(byte[] operation);

    /**
     * Has the cluster answer an operation that only reads. In a cluster with {@code fastReads} the replicas answer at once,
     * without ordering it, and it is ordered like {@link #invoke} only if they do not agree (something was written
     * meanwhile, or a replica is faulty). Linearizable either way. Without {@code fastReads}, the same as {@link #invoke}.
     *
     * <p>Not ordered after this client's own operations that have not completed.
     *
     * @param operation not null, at most {@code maxOperationBytes} long; copied
     * @throws IllegalArgumentException if it is too long
     */
    CompletableFuture<byte[]> read(byte[] operation);

    /**
     * Asks every replica where it stands. What one says about itself proves nothing. The future of one that does not
     * answer within two seconds completes with {@link InvocationException.Reason#TIMEOUT}.
     */
    Map<ReplicaId, CompletableFuture<ReplicaStatus>> inspect();

    /** Ends the session; what has not completed completes with {@link InvocationException.Reason#CLOSED}. */
    @Override
    void close();

    /**
     * A client that connects, and stays connected, to all replicas that can be reached; returns at once.
     *
     * @throws ConfigException if the key is not one of the cluster's clients, or no runtime is on the class path
     *     ({@code bft-transport})
     */
    static BftClient connect(ClusterConfig cluster, Identity identity) {
        return RuntimeProvider.find().connect(cluster, identity);
    }
}
