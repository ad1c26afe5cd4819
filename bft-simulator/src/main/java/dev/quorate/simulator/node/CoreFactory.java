package dev.quorate.simulator.node;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.runtime.ClientCore;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.crypto.Bytes;
import java.util.List;
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
     * @param stored the records on its disk, oldest first. The core cannot recover from them yet, so that a replica
     *     which starts again is an amnesic one.
     */
    default ReplicaCore replica(
            ClusterConfig config, Identity identity, ReplicatedService service, ReplicaUsig usig, List<Bytes> stored) {
        return ReplicaCore.create(config, identity, service, Optional.of(usig));
    }

    /** The state machines of a client that opens a session. */
    default ClientCore client(ClusterConfig config, Identity identity, long session) {
        return ClientCore.create(config, identity, session);
    }
}
