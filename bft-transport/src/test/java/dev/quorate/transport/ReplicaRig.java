package dev.quorate.transport;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.ServiceRunner;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.transport.channel.TransportLimits;
import dev.quorate.transport.driver.ReplicaRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One replica's runtime around a protocol of a test's choice. */
public final class ReplicaRig {
    private ReplicaRig() {}

    public static ReplicaRuntime start(LocalCluster cluster, int id, ReplicaProtocol protocol) throws IOException {
        return start(cluster, id, protocol, TransportLimits.of(cluster.config()));
    }

    public static ReplicaRuntime start(LocalCluster cluster, int id, ReplicaProtocol protocol, TransportLimits limits)
            throws IOException {
        return start(cluster, id, protocol, limits, new Counter(), ReplicaObserver.NONE);
    }

    public static ReplicaRuntime start(
            LocalCluster cluster, int id, ReplicaProtocol protocol, ReplicatedService service) throws IOException {
        return start(cluster, id, protocol, TransportLimits.of(cluster.config()), service, ReplicaObserver.NONE);
    }

    public static ReplicaRuntime start(LocalCluster cluster, int id, ReplicaProtocol protocol, ReplicaObserver observer)
            throws IOException {
        return start(cluster, id, protocol, TransportLimits.of(cluster.config()), new Counter(), observer);
    }

    private static ReplicaRuntime start(
            LocalCluster cluster,
            int id,
            ReplicaProtocol protocol,
            TransportLimits limits,
            ReplicatedService service,
            ReplicaObserver observer)
            throws IOException {
        ReplicaCore core = new ReplicaCore(
                new ReplicaId(id),
                new MessageValidator(cluster.config(), new PbftRules(cluster.config())),
                protocol,
                new ServiceRunner(service, cluster.config().limits()),
                cluster.replicaSealer(id));
        ReplicaSetup setup = new ReplicaSetup(
                cluster.config(),
                cluster.replica(id),
                service,
                observer,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
        return ReplicaRuntime.start(setup, core, limits);
    }

    public static TransportLimits withHandshakes(TransportLimits limits, Duration timeout, int maxUnauthenticated) {
        return changed(
                limits,
                timeout,
                maxUnauthenticated,
                limits.maxConnectionsPerClient(),
                limits.maxClientConnections(),
                limits.keepAlive(),
                limits.idleTimeout());
    }

    public static TransportLimits withIdle(TransportLimits limits, Duration keepAlive, Duration idleTimeout) {
        return changed(
                limits,
                limits.handshakeTimeout(),
                limits.maxUnauthenticated(),
                limits.maxConnectionsPerClient(),
                limits.maxClientConnections(),
                keepAlive,
                idleTimeout);
    }

    public static TransportLimits withClients(TransportLimits limits, int perClient, int inAll) {
        return changed(
                limits,
                limits.handshakeTimeout(),
                limits.maxUnauthenticated(),
                perClient,
                inAll,
                limits.keepAlive(),
                limits.idleTimeout());
    }

    private static TransportLimits changed(
            TransportLimits limits,
            Duration handshakeTimeout,
            int maxUnauthenticated,
            int perClient,
            int inAll,
            Duration keepAlive,
            Duration idleTimeout) {
        return new TransportLimits(
                handshakeTimeout,
                maxUnauthenticated,
                perClient,
                inAll,
                keepAlive,
                idleTimeout,
                limits.firstRetry(),
                limits.lastRetry(),
                limits.replica(),
                limits.client(),
                limits.clientSide());
    }

    public static long rejections(ReplicaRuntime replica, RejectionReason reason) {
        return replica.metrics().rejections().get(reason);
    }
}
