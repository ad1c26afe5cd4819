package dev.quorate.sample.kv;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.InvocationException;
import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvResult.Applied;
import dev.quorate.sample.kv.KvResult.Count;
import dev.quorate.sample.kv.KvResult.Done;
import dev.quorate.sample.kv.KvResult.Padding;
import dev.quorate.sample.kv.KvResult.Page;
import dev.quorate.sample.kv.KvResult.Refused;
import dev.quorate.sample.kv.KvResult.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The key-value store as its clients see it: {@link BftClient} with types. Thread-safe.
 *
 * <p>The futures complete with what the cluster agreed on, or exceptionally with {@link InvocationException} (no result)
 * or {@link KvException} (the store refused). {@link #await} waits for one.
 */
public final class KvClient implements AutoCloseable {
    private final BftClient client;

    public KvClient(BftClient client) {
        this.client = client;
    }

    /** See {@link BftClient#connect}. */
    public static KvClient connect(ClusterConfig cluster, Identity identity) {
        return new KvClient(BftClient.connect(cluster, identity));
    }

    /** Sets the value of a key. */
    public CompletableFuture<Void> put(Bytes key, Bytes value) {
        return invoke(new KvOperation.Put(key, value), Done.class).thenApply(done -> null);
    }

    /**
     * The value of a key, if it has one. In a cluster with fast reads it is not ordered (see {@link BftClient#read}): it
     * sees what has completed, but perhaps not what this client asked for before and does not know to have completed.
     */
    public CompletableFuture<Optional<Bytes>> get(Bytes key) {
        return client.read(OperationFormat.encode(new KvOperation.Get(key)))
                .thenApply(answer -> read(answer, Value.class).value());
    }

    /** Removes a key; tells whether it was there. */
    public CompletableFuture<Boolean> delete(Bytes key) {
        return invoke(new KvOperation.Delete(key), Applied.class).thenApply(Applied::applied);
    }

    /** Sets the value of a key if it is the expected one (empty: if the key is absent); tells whether it was. */
    public CompletableFuture<Boolean> compareAndSet(Bytes key, Optional<Bytes> expected, Bytes update) {
        return invoke(new KvOperation.CompareAndSet(key, expected, update), Applied.class)
                .thenApply(Applied::applied);
    }

    /** Entries from {@code from} (inclusive) to {@code to} (exclusive), at most {@code limit}, in order. */
    public CompletableFuture<Page> scan(Bytes from, Optional<Bytes> to, int limit) {
        return invoke(new KvOperation.Scan(from, to, limit), Page.class);
    }

    /** How many keys there are. */
    public CompletableFuture<Long> size() {
        return invoke(new KvOperation.Size(), Count.class).thenApply(Count::count);
    }

    /** Has nothing done, with a request and a result of the given sizes (see {@link KvOperation.Noop}). */
    public CompletableFuture<Void> noop(Bytes padding, int resultBytes) {
        return invoke(new KvOperation.Noop(padding, resultBytes), Padding.class).thenApply(result -> null);
    }

    private <R extends KvResult> CompletableFuture<R> invoke(KvOperation operation, Class<R> expected) {
        return client.invoke(OperationFormat.encode(operation)).thenApply(answer -> read(answer, expected));
    }

    private static <R extends KvResult> R read(byte[] answer, Class<R> expected) {
        try {
            KvResult result = ResultFormat.decode(Bytes.wrap(answer));
            if (result instanceof Refused refused) {
                throw new KvException("the store refused the operation: " + refused.reason());
            }
            if (!expected.isInstance(result)) {
                throw new KvException("the cluster answered " + result + "; does it run another service?");
            }
            return expected.cast(result);
        } catch (FormatException e) {
            throw new KvException("the cluster's answer makes no sense; does it run another service?", e);
        }
    }

    /**
     * Waits for a result.
     *
     * @throws InvocationException if there is none within {@code timeout}, or the operation ended without
     * @throws KvException if the store refused
     */
    public static <T> T await(CompletableFuture<T> future, Duration timeout) throws InterruptedException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            InvocationException late = new InvocationException(
                    InvocationException.Reason.TIMEOUT, "no result within " + timeout.toMillis() + " ms");
            late.initCause(e);
            throw late;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The client underneath. */
    public BftClient bft() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
