package dev.quorate.simulator.node;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.storage.StoreProvider;
import java.util.Optional;

/**
 * Makes the state machines that a run drives: those of production, unless a test puts in broken ones to see that the
 * checkers notice.
 */
public interface CoreFactory {
    /** What production uses. */
    CoreFactory PRODUCTION = new CoreFactory() {};

    /**
     * The state machines of a replica that starts.
     *
     * @param usig its trusted counter, for the protocol that needs one
     */
    default ReplicaCore replica(ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig) {
        return ReplicaCore.create(config, identity, service, Optional.of(usig));
    }

    /** What a replica keeps its records in: {@code files}, on its disk. */
    default StoreProvider store(StoreProvider files) {
        return files;
    }

    /** The state machines of a client that opens a session. */
    default ClientCore client(ClusterConfig config, Identity identity, long session) {
        return ClientCore.create(config, identity, session);
    }
}
