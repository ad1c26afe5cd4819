package dev.quorate.core.pbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.View;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.Readings;
import dev.quorate.core.smr.Replies;
import dev.quorate.core.smr.RequestPool;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.Synchronizer;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Digest;

/** What the handlers of one replica share. */
final class PbftState {
    final ReplicaId self;
    final QuorumSystem quorums;
    final Sealer sealer;
    final Effects effects;
    final Readings readings;
    final Window window;
    final SessionTable sessions;
    final RequestPool pool;
    final Replies replies;
    final Execution execution;
    final Checkpoints checkpoints;
    final PbftLog log;

    final Synchronizer synchronizer;

    PbftState(
            ReplicaId self,
            QuorumSystem quorums,
            Sealer sealer,
            Effects effects,
            Readings readings,
            Window window,
            SessionTable sessions,
            RequestPool pool,
            Replies replies,
            Execution execution,
            Checkpoints checkpoints,
            PbftLog log,
            Synchronizer synchronizer) {
        this.self = self;
        this.quorums = quorums;
        this.sealer = sealer;
        this.effects = effects;
        this.readings = readings;
        this.window = window;
        this.sessions = sessions;
        this.pool = pool;
        this.replies = replies;
        this.execution = execution;
        this.checkpoints = checkpoints;
        this.log = log;
        this.synchronizer = synchronizer;
    }

    View view() {
        return synchronizer.view();
    }

    ReplicaId primary() {
        return synchronizer.primary();
    }

    boolean isPrimary() {
        return primary().equals(self);
    }

    /** {@code digest} is committed at the slot's position, by whatever proof: for ever. */
    void decide(Slot slot, Digest digest) {
        if (slot.decided == null) {
            slot.decided = digest;
            effects.report(new Notice.Committed(view(), slot.sequenceNumber, digest));
        } else if (!slot.decided.equals(digest)) {
            effects.add(new Effect.Halt("two batches are committed at " + slot.sequenceNumber + ": " + slot.decided
                    + " and " + digest + "; more than f replicas are faulty"));
        }
    }

    /** A replica whose state has diverged says nothing that others would rely on. */
    boolean mayVote() {
        return !checkpoints.hasDiverged();
    }
}
