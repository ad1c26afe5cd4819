package dev.quorate.transport;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.Replica;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.runtime.RuntimeProvider;
import dev.quorate.transport.channel.TransportLimits;
import dev.quorate.transport.driver.ClientRuntime;
import dev.quorate.transport.driver.ReplicaResources;
import dev.quorate.transport.driver.ReplicaRuntime;
import dev.quorate.transport.metrics.ReplicaMetrics;
import java.io.IOException;

/** Runs replicas and clients on Netty: TLS channels, and the threads around the state machines. Thread-safe. */
public final class NettyRuntime implements RuntimeProvider {
    /** For {@link java.util.ServiceLoader}. */
    public NettyRuntime() {}

    @Override
    public Replica start(ReplicaSetup setup) throws IOException {
        ClusterConfig cluster = setup.cluster();
        ReplicaResources resources = ReplicaResources.open(setup);
        try {
            ReplicaCore core =
                    ReplicaCore.create(cluster, setup.identity(), setup.service(), resources.usigForReplica());
            return ReplicaRuntime.start(setup, core, TransportLimits.of(cluster), resources);
        } catch (IOException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    @Override
    public BftClient connect(ClusterConfig cluster, Identity identity) {
        return ClientRuntime.connect(cluster, identity, TransportLimits.of(cluster));
    }

    /**
     * What a replica that this runtime started has counted.
     *
     * @throws IllegalArgumentException if another runtime started it
     */
    public static ReplicaMetrics metrics(Replica replica) {
        if (replica instanceof ReplicaRuntime runtime) {
            return runtime.metrics();
        }
        throw new IllegalArgumentException("not a replica of this runtime");
    }
}
