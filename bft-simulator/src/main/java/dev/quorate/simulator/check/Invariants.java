package dev.quorate.simulator.check;

import dev.quorate.core.ClientId;
import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Batches;
import java.util.List;
import java.util.Set;

/** The checkers that need to know nothing about the service. */
public final class Invariants {
    private Invariants() {}

    /** One checker for each invariant but linearizability, for one run. */
    public static List<Checker> of(ClusterConfig config, Set<ClientId> correctClients) {
        int checkpointInterval = config.limits().get(Limit.CHECKPOINT_INTERVAL);
        return List.of(
                new NoHaltChecker(),
                new AgreementChecker(checkpointInterval),
                new ValidityChecker(correctClients),
                new ExactlyOnceChecker(),
                new CheckpointRootsChecker(),
                new AcknowledgedSurvivesChecker(checkpointInterval),
                new ConsistentWordChecker(),
                new DurableFirstChecker(
                        QuorumSystem.of(config.protocol(), config.n()).certificate() - 1,
                        Batches.nullBatch().digest()),
                new BoundedMemoryChecker(MemoryBounds.of(config)));
    }
}
