package dev.quorate.transport.driver;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.transport.channel.DialLimit;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all clients of a process share: there from the first client to the last. Thread-safe.
 *
 * <p>Each client belongs to one event loop, which drives its state machine and its channels: so a client needs no lock,
 * and hundreds of them no hundreds of threads.
 */
final class ClientThreads {
    private static final int MAX_EVENT_LOOPS = 2;
    private static final int HANDSHAKES_FOR_EACH_REPLICA = 4;
    private static final long STOP_TIMEOUT_MILLIS = 2000;

    // Guarded by the class.
    private static ClientThreads shared;
    private static int users;

    private final EventLoopGroup loops;
    private final ThreadPoolExecutor helper;
    /** As many as the configurations of the clients have replicas; gone with the last client. */
    private final Map<Address, DialLimit> dialLimits = new ConcurrentHashMap<>();

    private record Address(String host, int port) {}

    private ClientThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        loops = new MultiThreadIoEventLoopGroup(
                Math.min(MAX_EVENT_LOOPS, Math.max(1, processors / 2)),
                new DefaultThreadFactory("quorate-client-io", true),
                NioIoHandler.newFactory());
        helper = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("quorate-client-helper", true));
        helper.allowCoreThreadTimeOut(true);
    }

    /** For one more client, which has to {@link #release} them. */
    static synchronized ClientThreads acquire() {
        if (users == 0) {
            shared = new ClientThreads();
        }
        users++;
        return shared;
    }

    /** The client is done. The last one ends the threads and, unless it is one of them, waits for that. */
    void release() {
        synchronized (ClientThreads.class) {
            if (--users > 0) {
                return;
            }
            shared = null;
        }
        helper.shutdown();
        var end = loops.shutdownGracefully(0, STOP_TIMEOUT_MILLIS / 2, TimeUnit.MILLISECONDS);
        if (!inEventLoop()) {
            end.awaitUninterruptibly(STOP_TIMEOUT_MILLIS);
        }
    }

    EventLoop next() {
        return loops.next();
    }

    /** For what would keep an event loop busy or waiting: lookups of host names, steps of handshakes. */
    Executor helper() {
        return helper;
    }

    /** What all clients of this process share who dial that replica. */
    DialLimit dialLimit(ReplicaInfo replica) {
        return dialLimits.computeIfAbsent(
                new Address(replica.host(), replica.port()), address -> new DialLimit(HANDSHAKES_FOR_EACH_REPLICA));
    }

    private boolean inEventLoop() {
        for (var loop : loops) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }
}
