package dev.quorate.transport.driver;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.Identity;
import dev.quorate.core.InvocationException.Reason;
import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.ChannelSecurity;
import dev.quorate.transport.channel.ChannelSetup;
import dev.quorate.transport.channel.Dialer;
import dev.quorate.transport.channel.Hello;
import dev.quorate.transport.channel.KeyCertificate;
import dev.quorate.transport.channel.Members;
import dev.quorate.transport.channel.Rejections;
import dev.quorate.transport.channel.Traffic;
import dev.quorate.transport.channel.TransportLimits;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** A client in production: hands over from the application's threads to the client's event loop. Thread-safe. */
public final class ClientRuntime implements BftClient {
    private static final long STOP_TIMEOUT_MILLIS = 2000;
    private static final AtomicLong LAST_SESSION = new AtomicLong();

    private final ClusterConfig config;
    private final ClientThreads threads;
    private final EventLoop loop;
    private final ClientDriver driver;
    private final List<Dialer> dialers = new ArrayList<>();
    private final int maxOperationBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ClientRuntime(ClusterConfig config, Identity identity, TransportLimits limits, ClientThreads threads) {
        long session = newSession();
        ClientCore core = ClientCore.create(config, identity, session);
        Rejections rejections = new Rejections(core.id().toString());
        Members members = Members.replicasOf(config);
        KeyCertificate key = KeyCertificate.of(identity, config.signatureScheme());
        this.config = config;
        this.threads = threads;
        this.maxOperationBytes = config.limits().get(Limit.MAX_OPERATION_BYTES);
        this.loop = threads.next();
        this.driver = new ClientDriver(loop, core, rejections);
        ChannelSetup setup = new ChannelSetup(
                new Peer.OfClient(core.id()),
                Hello.of(config, session),
                ChannelSecurity.forDialling(key, members),
                Optional.empty(),
                members,
                limits,
                rejections,
                new Traffic(),
                threads.helper(),
                driver);
        for (ReplicaInfo replica : config.replicas()) {
            dialers.add(new Dialer(loop, setup, replica, threads.helper(), threads.dialLimit(replica)));
        }
    }

    /**
     * A new client with a session of its own.
     *
     * @throws dev.quorate.core.ConfigException if the key is not one of the cluster's clients
     */
    public static ClientRuntime connect(ClusterConfig config, Identity identity, TransportLimits limits) {
        ClientThreads threads = ClientThreads.acquire();
        try {
            ClientRuntime client = new ClientRuntime(config, identity, limits, threads);
            client.dialers.forEach(Dialer::start);
            return client;
        } catch (RuntimeException e) {
            threads.release();
            throw e;
        }
    }

    /** Microseconds since 1970: higher than those of earlier runs, unless the clock was set back or ran ahead. */
    private static long newSession() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        return LAST_SESSION.updateAndGet(last -> Math.max(last + 1, now));
    }

    @Override
    public CompletableFuture<byte[]> invoke(byte[] operation) {
        return start(operation, driver::invoke);
    }

    @Override
    public CompletableFuture<byte[]> read(byte[] operation) {
        return start(operation, driver::read);
    }

    private CompletableFuture<byte[]> start(byte[] operation, BiConsumer<Bytes, CompletableFuture<byte[]>> invocation) {
        if (operation.length > maxOperationBytes) {
            throw new IllegalArgumentException("an operation of " + operation.length
                    + " bytes exceeds the limit maxOperationBytes, " + maxOperationBytes);
        }
        Bytes copy = Bytes.copyOf(operation);
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        if (!run(() -> invocation.accept(copy, result))) {
            result.completeExceptionally(Failures.of(Reason.CLOSED));
        }
        return result;
    }

    @Override
    public Map<ReplicaId, CompletableFuture<ReplicaStatus>> inspect() {
        Map<ReplicaId, CompletableFuture<ReplicaStatus>> answers = new LinkedHashMap<>();
        for (ReplicaInfo replica : config.replicas()) {
            CompletableFuture<ReplicaStatus> answer = new CompletableFuture<>();
            if (!run(() -> driver.inspect(replica.id(), answer))) {
                answer.completeExceptionally(Failures.of(Reason.CLOSED));
            }
            answers.put(replica.id(), answer);
        }
        return answers;
    }

    /** Has the event loop run a task; false if this client has been closed. */
    private boolean run(Runnable task) {
        if (closed.get()) {
            return false;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // Closed in this moment.
            return false;
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        dialers.forEach(Dialer::close);
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            driver.close();
            done.complete(null);
        });
        if (!loop.inEventLoop()) {
            done.completeOnTimeout(null, STOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        }
        threads.release();
    }
}
