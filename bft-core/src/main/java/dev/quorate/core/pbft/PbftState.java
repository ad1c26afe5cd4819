package dev.quorate.core.pbft;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.PositionLog;
import dev.quorate.core.smr.Readings;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.smr.RequestPool;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.Synchronizer;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Digest;

/** What the handlers of one replica share. */
final class PbftState {
    final ReplicaParts parts;
    final ReplicaId self;
    final QuorumSystem quorums;
    final Sealer sealer;
    final Effects effects;
    final Readings readings;
    final Window window;
    final SessionTable sessions;
    final RequestPool pool;
    final Execution execution;
    final Checkpoints checkpoints;
    final PositionLog<Slot> log;

    final Synchronizer synchronizer;

    PbftState(ReplicaParts parts, PositionLog<Slot> log) {
        this.parts = parts;
        this.self = parts.self;
        this.quorums = parts.quorums;
        this.sealer = parts.sealer;
        this.effects = parts.effects;
        this.readings = parts.readings;
        this.window = parts.window;
        this.sessions = parts.sessions;
        this.pool = parts.pool;
        this.execution = parts.execution;
        this.checkpoints = parts.checkpoints;
        this.synchronizer = parts.synchronizer;
        this.log = log;
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

    /** The highest position with an accepted proposal, or the last one executed where nothing is under way. */
    SequenceNumber ordered() {
        return log.highest(slot -> slot.proposal != null);
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

    /** See {@link ReplicaParts#mayVote}. */
    boolean mayVote() {
        return parts.mayVote();
    }
}
