package dev.quorate.core.runtime;

import dev.quorate.core.BftClient;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Identity;
import dev.quorate.core.Replica;
import java.io.IOException;
import java.util.ServiceLoader;

/** Starts replicas and clients. Found through {@link ServiceLoader}; {@code bft-transport} has the usual one. */
public interface RuntimeProvider {
    /** See {@link Replica.Builder#start()}. */
    Replica start(ReplicaSetup setup) throws IOException;

    /** See {@link BftClient#connect}. */
    BftClient connect(ClusterConfig cluster, Identity identity);

    /** The one on the class path. */
    static RuntimeProvider find() {
        return ServiceLoader.load(RuntimeProvider.class)
                .findFirst()
                .orElseThrow(() -> new ConfigException("no runtime on the class path: add dev.quorate:bft-transport"));
    }
}
