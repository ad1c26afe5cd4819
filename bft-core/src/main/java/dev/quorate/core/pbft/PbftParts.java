package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;

/**
 * The parts of a replica whose correctness others rely on. A simulation replaces one of them by a broken one, to see
 * that its checkers notice; nothing else has a reason to.
 */
public class PbftParts {
    public QuorumSystem quorums(ClusterConfig config) {
        return QuorumSystem.of(config.protocol(), config.n());
    }

    public VoteCollector.Factory votes() {
        return new VoteCollector.Factory() {
            @Override
            public <V, T> VoteCollector<V, T> create() {
                return new VoteCollector<>();
            }
        };
    }

    public SessionTable sessions(Limits limits) {
        return new SessionTable(limits);
    }

    public NewViewOutcome.Rule outcomes() {
        return NewViewOutcome::of;
    }

    public Checkpoints checkpoints(ReplicaId self, int quorum, Sealer sealer, Window window, Effects effects) {
        return new Checkpoints(self, quorum, sealer, window, effects);
    }
}
