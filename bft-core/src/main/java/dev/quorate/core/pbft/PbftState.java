package dev.quorate.core.pbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.RequestPool;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;

/** What the handlers of one replica share. */
final class PbftState {
    final ReplicaId self;
    final QuorumSystem quorums;
    final Sealer sealer;
    final Effects effects;
    final Window window;
    final SessionTable sessions;
    final RequestPool pool;
    final Execution execution;
    final Checkpoints checkpoints;
    final PbftLog log;

    View view = View.ZERO;

    PbftState(
            ReplicaId self,
            QuorumSystem quorums,
            Sealer sealer,
            Effects effects,
            Window window,
            SessionTable sessions,
            RequestPool pool,
            Execution execution,
            Checkpoints checkpoints,
            PbftLog log) {
        this.self = self;
        this.quorums = quorums;
        this.sealer = sealer;
        this.effects = effects;
        this.window = window;
        this.sessions = sessions;
        this.pool = pool;
        this.execution = execution;
        this.checkpoints = checkpoints;
        this.log = log;
    }

    ReplicaId primary() {
        return view.primary(quorums.n());
    }

    boolean isPrimary() {
        return primary().equals(self);
    }

    /** A replica whose state has diverged says nothing that others would rely on. */
    boolean mayVote() {
        return !checkpoints.hasDiverged();
    }
}
