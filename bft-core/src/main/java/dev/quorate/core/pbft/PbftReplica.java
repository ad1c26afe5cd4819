package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.FutureMessages;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.Proposer;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.RequestHandler;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.util.List;

/** A replica of PBFT: puts the parts together, and gives each event to the one that handles it. */
public final class PbftReplica implements ReplicaProtocol {
    private final ReplicaParts parts;
    private final PbftState state;
    private final RequestHandler requests;
    private final NormalCase normalCase;
    private final ViewChangeHandler viewChanges;
    private final Proposer proposer;
    private final CatchUp catchUp;
    private final StatusHandler statuses;
    private final FutureMessages future;
    private SequenceNumber executedAtLastTick = SequenceNumber.ZERO;

    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer) {
        this(config, self, sealer, false, new PbftParts());
    }

    /**
     * A replica with some parts replaced, for simulations.
     *
     * @param predicts whether its service is a {@link dev.quorate.core.PredictingService}
     */
    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer, boolean predicts, PbftParts replaced) {
        QuorumSystem quorums = replaced.quorums(config);
        parts = new ReplicaParts(
                config,
                self,
                sealer,
                quorums,
                replaced.sessions(config.limits()),
                replaced::checkpoints,
                this::leftFor);
        state = new PbftState(parts, new PbftLog(parts.window, parts.execution, replaced.votes()));
        int largest = config.limits().maxBatchMessageBytes();
        future = new FutureMessages(largest, parts.effects);
        normalCase = new NormalCase(state, future, new ValuesCheck(parts, predicts));
        proposer = new Proposer(parts, predicts, normalCase::propose);
        viewChanges = new ViewChangeHandler(state, normalCase, proposer, replaced.outcomes());
        catchUp = new CatchUp(state, normalCase, largest);
        statuses = new StatusHandler(state, viewChanges, config.limits());
        requests = new RequestHandler(parts, statuses::announce, config.fastReads());
    }

    private void onInstalled() {
        parts.stateTransfer.onInstalled();
        proposer.continueAfter(state.log.ordered());
    }

    private void leftFor(View view) {
        viewChanges.leftFor(view);
    }

    @Override
    public List<Effect> handle(Event event) {
        SequenceNumber stableBefore = state.window.low();
        if (event instanceof Event.Received received) {
            receive(received.message());
        } else if (event instanceof Event.Executed executed) {
            parts.onExecuted(executed);
        } else if (event instanceof Event.SnapshotTaken snapshot) {
            state.checkpoints.complete(snapshot);
        } else if (event instanceof Event.StateInstalled) {
            onInstalled();
        } else if (event instanceof Event.TimerFired fired) {
            onTimer(fired.timer());
        } else if (event instanceof Event.PeerConnected connected) {
            state.synchronizer.onConnected(connected.peer());
            statuses.onConnected(connected.peer());
        } else if (event instanceof Event.PeerDisconnected disconnected) {
            state.synchronizer.onDisconnected(disconnected.peer());
        } else if (event instanceof Event.ReadDone read) {
            parts.fastReads.onDone(read);
        } else if (event instanceof Event.Predicted predicted) {
            proposer.onPredicted(predicted);
        } else if (event instanceof Event.Judged judged) {
            normalCase.onJudged(judged);
        } else if (event instanceof Event.ClockRead clock) {
            state.readings.onClock(clock.wallClockMillis());
        } else if (event instanceof Event.Drained drained) {
            state.readings.onClock(drained.wallClockMillis());
            proposer.proposeWaiting();
        } else if (event instanceof Event.Started started) {
            state.readings.onStarted(started);
            statuses.start();
        }
        if (viewChanges.hasEntered()) {
            parts.onEntered();
            replayHeld();
            catchUp.fetchMissing();
        }
        state.execution.advance(state.log::committed);
        if (state.window.low().isAfter(stableBefore)) {
            onStable();
        }
        state.log.discard();
        proposer.proposeIfIdle();
        return state.effects.take();
    }

    /** The others discard everything up to the stable checkpoint, whether this replica is there or not. */
    private void onStable() {
        if (isLeftBehind()) {
            state.effects.report(new Notice.FellBehind(state.execution.executed(), state.window.low()));
        }
    }

    /** Whether the next position is below the stable checkpoint, and not committed here. */
    private boolean isLeftBehind() {
        SequenceNumber next = state.execution.scheduled().next();
        return !next.isAfter(state.window.low()) && state.log.committed(next).isEmpty();
    }

    private void onTimer(TimerId timer) {
        switch (timer.kind()) {
            case STATUS -> onTick();
            case VIEW -> state.synchronizer.onTimer(timer);
        }
    }

    /** A status interval has passed. */
    private void onTick() {
        SequenceNumber executed = state.execution.executed();
        boolean moves = !executed.equals(executedAtLastTick);
        executedAtLastTick = executed;
        parts.onTick();
        viewChanges.onTick();
        normalCase.onTick();
        catchUp.onTick();
        parts.stateTransfer.onTick();
        // Once a status interval has shown that retransmission does not help.
        boolean needsState = (isLeftBehind() && !moves) || state.checkpoints.hasDiverged();
        if (needsState && !parts.stateTransfer.isRunning()) {
            parts.stateTransfer.start(state.checkpoints.certificate());
        }
        statuses.onTick(moves);
    }

    @SuppressWarnings("unchecked") // A Verified<M> holds an M: its type says nothing else.
    private void receive(Verified<? extends Message> received) {
        switch (received.message().type()) {
            case REQUEST -> requests.onRequest((Verified<Request>) received);
            case PRE_PREPARE -> normalCase.onPrePrepare((Verified<PrePrepare>) received);
            case PREPARE -> normalCase.onPrepare((Verified<Prepare>) received);
            case COMMIT -> normalCase.onCommit((Verified<Commit>) received);
            case CHECKPOINT -> state.checkpoints.add((Verified<Checkpoint>) received);
            case STABLE -> state.checkpoints.onStable((Verified<Stable>) received);
            case REQ_VIEW_CHANGE -> state.synchronizer.onReqViewChange((Verified<ReqViewChange>) received);
            case VIEW_CHANGE -> viewChanges.onViewChange((Verified<ViewChange>) received);
            case NEW_VIEW -> viewChanges.onNewView((Verified<NewView>) received);
            case COMMITTED -> catchUp.onCommitted((Verified<Committed>) received);
            case FETCH_BATCH -> catchUp.onFetchBatch((Verified<FetchBatch>) received);
            case FETCH_STATE -> parts.stateTransfer.onFetch((Verified<FetchState>) received);
            case STATE_PART -> parts.stateTransfer.onPart((Verified<StatePart>) received);
            case BATCH_BODY -> catchUp.onBatchBody((Verified<BatchBody>) received);
            case STATUS -> statuses.onStatus((Verified<Status>) received);
            case READ -> parts.fastReads.onRead((Verified<Read>) received);
            case MIN_PREPARE,
                    MIN_COMMIT,
                    MIN_VIEW_CHANGE,
                    MIN_NEW_VIEW,
                    MIN_STATUS,
                    FETCH_LOG,
                    REPLY,
                    READ_REPLY,
                    INSPECT,
                    INSPECTION -> state.effects.reject(RejectionReason.UNEXPECTED, received);
        }
    }

    /** A view was entered: what came too early for it is handled now. */
    private void replayHeld() {
        for (Verified<? extends ReplicaMessage> held : future.take(state.view())) {
            receive(held);
        }
    }

    @Override
    public ProtocolStatus status() {
        return new ProtocolStatus(
                state.view(),
                state.primary(),
                state.log.ordered(),
                state.execution.executed(),
                state.window.low(),
                state.pool.size(),
                state.log.size());
    }
}
