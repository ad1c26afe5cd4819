package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.wire.Sealer;
import java.util.List;

/** Placeholder until the next commit. */
public final class PbftReplica implements ReplicaProtocol {
    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer) {}

    @Override
    public List<Effect> handle(Event event) {
        return List.of();
    }

    @Override
    public ProtocolStatus status() {
        throw new UnsupportedOperationException();
    }
}
