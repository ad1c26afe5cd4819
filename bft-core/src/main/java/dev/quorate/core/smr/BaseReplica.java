package dev.quorate.core.smr;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/** What a replica does with events whatever its protocol is; what differs is left to the protocol. */
public abstract class BaseReplica implements ReplicaProtocol {
    protected final ReplicaParts parts;
    /** How long a batch may take that is known to be committed. */
    private static final int PATIENCE_TICKS = 5;

    private SequenceNumber executedAtLastTick = SequenceNumber.ZERO;
    private int stuckTicks;
    /** Whether a checkpoint is stable below which the store still has everything. */
    private boolean mustDiscard;

    protected BaseReplica(
            ClusterConfig config,
            ReplicaId self,
            Sealer sealer,
            QuorumSystem quorums,
            SessionTable sessions,
            ReplicaParts.CheckpointsFactory checkpoints) {
        parts = new ReplicaParts(config, self, sealer, quorums, sessions, checkpoints, this::leftFor);
    }

    // --- what the protocol does

    /** Makes batches of what waits. */
    protected abstract Proposer proposer();

    /** Tells the others where the replica is. */
    protected abstract Retransmission retransmission();

    /** The replica has left its view: says so to everybody. */
    protected abstract void leftFor(View view);

    /** A message arrived. */
    protected abstract void receive(Verified<? extends Message> message);

    /** The service has judged a prediction. */
    protected abstract void onJudged(Event.Judged event);

    /** What may have become possible by the event; {@code moved} if a checkpoint became stable. */
    protected abstract void proceed(boolean moved);

    /** The batch that is committed at a position, if it is held. */
    protected abstract Optional<Batch> committed(SequenceNumber at);

    /** The highest position that anything is known of, or the last one executed. */
    protected abstract SequenceNumber ordered();

    /** For how many positions something is held. */
    protected abstract int logSize();

    /** The last position that was proposed in the current view, as far as this replica knows. */
    protected SequenceNumber proposed() {
        return ordered();
    }

    /** This replica had only listened, and votes from now on. */
    protected abstract void onVoting();

    /** This replica had diverged, and votes again from now on. */
    protected void onMended() {}

    /**
     * A certificate from an earlier life; what the protocol has to know of the newest state is known already.
     *
     * @param newest where that state is; 0 if there is none that can be relied upon
     */
    protected void recall(Verified<Stable> certificate, SequenceNumber newest) {
        parts.checkpoints.onStable(certificate);
    }

    /** These are the records of an earlier life, as they were kept; the stable checkpoint is known already. */
    protected abstract void replay(List<Verified<? extends Message>> records);

    /** What was to be persisted before {@code ticket} was asked for is durable. */
    protected void onKept(long ticket) {}

    /** A checkpoint became stable, and records below it go: keeps anew what is among them and still needed. */
    protected abstract void persistAgain();

    /** Whether a restart could do without what was kept before the stable checkpoint, but for what is kept anew. */
    protected boolean mayDiscard() {
        return true;
    }

    /** A status interval has passed. */
    protected abstract void tick();

    /** A status interval has passed, and everything else that hangs on it is done, but for the replica's own status. */
    protected abstract void endTick();

    // --- what all of them do

    @Override
    public final List<Effect> handle(Event event) {
        if (event instanceof Event.Recovered recovered) {
            recover(recovered);
            return parts.effects.take();
        }
        SequenceNumber stableBefore = parts.window.low();
        if (event instanceof Event.Received received) {
            receive(received.message());
        } else if (event instanceof Event.ValidatedAgain again) {
            parts.checkpoints.onValidatedAgain(again.message().as(Stable.class));
        } else if (event instanceof Event.Executed executed) {
            parts.onExecuted(executed);
        } else if (event instanceof Event.SnapshotTaken snapshot) {
            parts.checkpoints.complete(snapshot);
        } else if (event instanceof Event.StateInstalled) {
            boolean mended = parts.stateTransfer.onInstalled();
            proposer().continueAfter(proposed());
            if (mended) {
                parts.fastReads.waitFor(parts.window.high()); // Nothing that it has acknowledged is above that.
                onMended();
            }
            if (isLeftBehind()) {
                retransmission().announce(); // Perhaps the others still have what follows.
            }
        } else if (event instanceof Event.TimerFired fired) {
            onTimer(fired.timer());
        } else if (event instanceof Event.PeerConnected connected) {
            parts.synchronizer.onConnected(connected.peer());
            retransmission().onConnected(connected.peer());
        } else if (event instanceof Event.PeerDisconnected disconnected) {
            parts.synchronizer.onDisconnected(disconnected.peer());
        } else if (event instanceof Event.ReadDone read) {
            parts.fastReads.onDone(read);
        } else if (event instanceof Event.Kept kept) {
            onKept(kept.ticket());
        } else if (event instanceof Event.UsigRenewed renewed) {
            parts.rejoins.onUsigRenewed(renewed);
        } else if (event instanceof Event.Predicted predicted) {
            proposer().onPredicted(predicted);
        } else if (event instanceof Event.Judged judged) {
            onJudged(judged);
        } else if (event instanceof Event.ClockRead clock) {
            parts.readings.onClock(clock.wallClockMillis());
        } else if (event instanceof Event.Drained drained) {
            parts.readings.onClock(drained.wallClockMillis());
            proposer().proposeWaiting();
        } else if (event instanceof Event.Started started) {
            parts.onStarted(started);
            retransmission().start();
        }
        boolean moved = parts.window.low().isAfter(stableBefore);
        if (moved && isLeftBehind()) {
            // The others discard everything up to the stable checkpoint, whether this replica is there or not.
            parts.effects.report(new Notice.FellBehind(parts.execution.executed(), parts.window.low()));
        }
        proceed(moved);
        mustDiscard |= moved;
        boolean discards = mustDiscard && mayDiscard();
        if (moved || discards) {
            keepProofs();
        }
        if (discards) {
            mustDiscard = false;
            persistAgain();
            parts.effects.add(new Effect.Discard(parts.window.low()));
        }
        // Only now: a replica that crashes after that has to know from where on it votes, and with which USIG.
        if (parts.rejoins.endIfDue(parts.hasExecutedStable() && hasStoredWhereItVotes())) {
            parts.speak();
            onVoting();
            parts.rejoins.endForGood();
        }
        proposer().proposeIfIdle();
        return parts.effects.take();
    }

    /** Goes on as itself after a restart. */
    private void recover(Event.Recovered memory) {
        memory.state().ifPresent(state -> parts.execution.recall(state.bookkeeping()));
        for (Verified<? extends Message> record : memory.records()) {
            if (record.message() instanceof Stable) {
                // Whether its own states were right, one who has forgotten what it said cannot tell.
                recall(record.as(Stable.class), memory.amnesic() ? SequenceNumber.ZERO : memory.at());
            }
        }
        if (memory.amnesic()) {
            parts.fallSilent();
        } else {
            replay(memory.records());
            for (Verified<? extends Message> record : memory.records()) {
                if (record.message() instanceof Checkpoint) {
                    parts.checkpoints.add(record.as(Checkpoint.class));
                }
            }
        }
        if (!memory.first()) {
            parts.fastReads.waitFor(parts.window.high());
        }
        requireKept(parts.effects.take(), memory.records()); // All of that was said and done in an earlier life.
        proposer().continueAfter(proposed());
        parts.stateTransfer.recover(memory.amnesic() ? stable(memory.states()) : memory.states());
    }

    /** What recovering leads to is not carried out: so it must not lead to anything that would have to be kept first. */
    private void requireKept(List<Effect> done, List<Verified<? extends Message>> records) {
        for (Effect effect : done) {
            if (effect instanceof Effect.Persist persist
                    && records.stream().noneMatch(record -> record.frame().equals(persist.record()))) {
                parts.effects.add(new Effect.Halt("its store lacks a record on which others in it rest, needed up to "
                        + persist.sequenceNumber() + ". Delete its store, and start it again: then it rejoins"));
                return;
            }
        }
    }

    /** The state for which a quorum vouches: who has forgotten what it said cannot tell whether its own ones were right. */
    private NavigableMap<SequenceNumber, StateImage> stable(NavigableMap<SequenceNumber, StateImage> states) {
        StableCertificate proof = parts.checkpoints.certificate();
        SequenceNumber at = proof.sequenceNumber();
        StateImage state = states.get(at);
        boolean isProven = state != null && state.root(at).equals(proof.root());
        return isProven ? states.subMap(at, true, at, true) : Collections.emptyNavigableMap();
    }

    /** That the checkpoint is stable is in the store before anything is discarded there. */
    private void keepProofs() {
        SequenceNumber stable = parts.window.low();
        for (StableCertificate proof : parts.checkpoints.proofs()) {
            parts.effects.add(new Effect.Persist(
                    stable, parts.sealer.seal(new Stable(parts.self, proof)).frame()));
        }
    }

    private boolean hasStoredWhereItVotes() {
        return parts.checkpoints.states().stored().compareTo(parts.rejoins.votesFrom()) >= 0;
    }

    /** The committed batch at a position, wherever it came from. */
    private Optional<Batch> held(SequenceNumber at) {
        return committed(at).or(() -> parts.backlog.committed(at));
    }

    /** Gives the service what is committed. */
    protected final void execute() {
        parts.execution.advance(this::held);
        parts.backlog.discard();
    }

    /** Whether the next position is below the stable checkpoint, and not committed here. */
    private boolean isLeftBehind() {
        SequenceNumber next = parts.execution.scheduled().next();
        return !next.isAfter(parts.window.low()) && held(next).isEmpty();
    }

    private void onTimer(TimerId timer) {
        switch (timer.kind()) {
            case STATUS -> onTick();
            case VIEW -> parts.synchronizer.onTimer(timer);
        }
    }

    /** A status interval has passed. */
    private void onTick() {
        SequenceNumber executed = parts.execution.executed();
        boolean moves = !executed.equals(executedAtLastTick);
        executedAtLastTick = executed;
        parts.onTick(moves);
        tick();
        proposer().onTick();
        parts.checkpoints.onTick();
        parts.stateSource.onTick();
        parts.stateTransfer.onTick();
        parts.backlog.onTick();
        // Once a status interval has shown that retransmission does not help, nor what the others have executed last.
        stuckTicks = moves || !isLeftBehind() ? 0 : stuckTicks + 1;
        boolean hopeless = stuckTicks >= (parts.backlog.knowsNext() ? PATIENCE_TICKS : 1);
        boolean needsState = hopeless || parts.checkpoints.hasDiverged();
        StableCertificate stable = parts.checkpoints.certificate();
        // Before the first one is stable there is none to fetch, also for a replica that has contradicted itself.
        boolean isThereOne = stable.sequenceNumber().isAfter(SequenceNumber.ZERO);
        if (needsState && isThereOne && !parts.stateTransfer.isRunning()) {
            parts.stateTransfer.start(stable);
        }
        endTick();
        retransmission().onTick(moves);
    }

    @Override
    public final ProtocolStatus status() {
        return new ProtocolStatus(
                parts.view(),
                parts.primary(),
                ordered(),
                parts.execution.executed(),
                parts.window.low(),
                parts.pool.size(),
                logSize(),
                parts.rejoins.isLearning() ? Optional.of(parts.rejoins.votesFrom()) : Optional.empty());
    }
}
