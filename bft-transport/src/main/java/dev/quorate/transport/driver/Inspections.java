package dev.quorate.transport.driver;

import dev.quorate.core.InvocationException.Reason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaStatus;
import dev.quorate.core.message.Inspect;
import dev.quorate.core.message.Inspection;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.Connection;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The questions of one client to single replicas about where they stand. Everything happens on one event loop. */
final class Inspections {
    private static final long TIMEOUT_MILLIS = 2000;

    private final EventLoop loop;
    private final ClientCore core;
    private final Map<ReplicaId, Connection> connections = new HashMap<>();
    /** By nonce; those whose replica is not connected wait for that. */
    private final Map<Long, Open> open = new TreeMap<>();

    private long lastNonce;

    private record Open(ReplicaId replica, Bytes frame, CompletableFuture<ReplicaStatus> answer, Future<?> timeout) {}

    Inspections(EventLoop loop, ClientCore core) {
        this.loop = loop;
        this.core = core;
    }

    void ask(ReplicaId replica, CompletableFuture<ReplicaStatus> answer) {
        long nonce = ++lastNonce;
        Bytes frame = core.sealer().seal(new Inspect(core.id(), nonce)).frame();
        Future<?> timeout = loop.schedule(() -> fail(nonce, Reason.TIMEOUT), TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        open.put(nonce, new Open(replica, frame, answer, timeout));
        Connection connection = connections.get(replica);
        if (connection != null && connection.send(frame)) {
            connection.flush();
        }
    }

    /** What was asked before is asked now. */
    void connected(ReplicaId replica, Connection connection) {
        connections.put(replica, connection);
        for (Open question : open.values()) {
            if (question.replica().equals(replica)) {
                connection.send(question.frame());
            }
        }
    }

    void answered(Inspection inspection) {
        Open question = open.get(inspection.nonce());
        // Each replica answers for itself only.
        if (question != null && question.replica().equals(inspection.replica())) {
            open.remove(inspection.nonce());
            question.timeout().cancel(false);
            question.answer().complete(inspection.status());
        }
    }

    void close() {
        for (Long nonce : new TreeMap<>(open).keySet()) {
            fail(nonce, Reason.CLOSED);
        }
    }

    private void fail(long nonce, Reason reason) {
        Open question = open.remove(nonce);
        if (question != null) {
            question.timeout().cancel(false);
            question.answer().completeExceptionally(Failures.of(reason));
        }
    }
}
