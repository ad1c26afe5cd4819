package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Status;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.RequestPool;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.util.List;

/** A replica of PBFT: puts the parts together, and gives each event to the one that handles it. */
public final class PbftReplica implements ReplicaProtocol {
    private final PbftState state;
    private final RequestHandler requests;
    private final NormalCase normalCase;
    private final Proposer proposer;
    private final StatusHandler statuses;

    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer) {
        this(config, self, sealer, new PbftParts());
    }

    /** A replica with some parts replaced, for simulations. */
    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer, PbftParts parts) {
        Effects effects = new Effects();
        QuorumSystem quorums = parts.quorums(config);
        Window window = new Window(config.limits());
        SessionTable sessions = parts.sessions(config.limits());
        RequestPool pool = new RequestPool(config.limits());
        Execution execution = new Execution(self, sealer, window, sessions, pool, effects);
        Checkpoints checkpoints = parts.checkpoints(self, quorums.certificate(), sealer, window, effects);
        PbftLog log = new PbftLog(window, execution, parts.votes());
        state = new PbftState(self, quorums, sealer, effects, window, sessions, pool, execution, checkpoints, log);
        requests = new RequestHandler(state);
        normalCase = new NormalCase(state);
        proposer = new Proposer(state, normalCase, config.limits());
        statuses = new StatusHandler(state, config.limits());
    }

    @Override
    public List<Effect> handle(Event event) {
        if (event instanceof Event.Received received) {
            receive(received.message());
        } else if (event instanceof Event.Executed executed) {
            state.execution
                    .complete(executed, state.view)
                    .ifPresent(table -> state.checkpoints.begin(executed.sequenceNumber(), table));
        } else if (event instanceof Event.SnapshotTaken snapshot) {
            afterVote(state.checkpoints.complete(snapshot));
        } else if (event instanceof Event.TimerFired) {
            statuses.onTimer();
        } else if (event instanceof Event.PeerConnected connected) {
            statuses.onConnected(connected.peer());
        } else if (event instanceof Event.Drained) {
            proposer.proposeWaiting();
        } else if (event instanceof Event.Started) {
            statuses.start();
        }
        state.execution.advance(state.log::committed);
        state.log.discard();
        proposer.proposeIfIdle();
        return state.effects.take();
    }

    @SuppressWarnings("unchecked") // A Verified<M> holds an M: its type says nothing else.
    private void receive(Verified<? extends Message> received) {
        Message message = received.message();
        switch (message.type()) {
            case REQUEST -> requests.onRequest((Verified<Request>) received);
            case PRE_PREPARE -> normalCase.onPrePrepare((Verified<PrePrepare>) received);
            case PREPARE -> normalCase.onPrepare((Verified<Prepare>) received);
            case COMMIT -> normalCase.onCommit((Verified<Commit>) received);
            case CHECKPOINT -> afterVote(state.checkpoints.add((Verified<Checkpoint>) received));
            case STATUS -> statuses.onStatus((Verified<Status>) received);
            case REPLY, INSPECT, INSPECTION -> state.effects.reject(RejectionReason.UNEXPECTED, received);
        }
    }

    /** A checkpoint became stable: the others discard everything up to it, whether this replica is there or not. */
    private void afterVote(boolean stable) {
        SequenceNumber next = state.execution.scheduled().next();
        boolean isBehind = !next.isAfter(state.window.low());
        if (stable && isBehind && state.log.committed(next).isEmpty()) {
            state.effects.report(new Notice.FellBehind(state.execution.executed(), state.window.low()));
        }
    }

    @Override
    public ProtocolStatus status() {
        return new ProtocolStatus(
                state.view,
                state.primary(),
                state.log.ordered(),
                state.execution.executed(),
                state.window.low(),
                state.pool.size(),
                state.log.size());
    }
}
