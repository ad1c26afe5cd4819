package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
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
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.Checkpoints;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Effects;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Execution;
import dev.quorate.core.smr.FastReads;
import dev.quorate.core.smr.FutureMessages;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.smr.PrimaryPace;
import dev.quorate.core.smr.ProtocolStatus;
import dev.quorate.core.smr.Readings;
import dev.quorate.core.smr.ReplicaProtocol;
import dev.quorate.core.smr.Replies;
import dev.quorate.core.smr.RequestPool;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.core.smr.StateTransfer;
import dev.quorate.core.smr.Synchronizer;
import dev.quorate.core.smr.TimerId;
import dev.quorate.core.smr.Window;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.util.List;

/** A replica of PBFT: puts the parts together, and gives each event to the one that handles it. */
public final class PbftReplica implements ReplicaProtocol {
    private final PbftState state;
    private final RequestHandler requests;
    private final NormalCase normalCase;
    private final ViewChangeHandler viewChanges;
    private final Proposer proposer;
    private final CatchUp catchUp;
    private final StatusHandler statuses;
    private final StateTransfer stateTransfer;
    private final FutureMessages future;
    private final FastReads fastReads;
    private final PrimaryPace pace;
    private SequenceNumber executedAtLastTick = SequenceNumber.ZERO;

    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer) {
        this(config, self, sealer, false, new PbftParts());
    }

    /**
     * A replica with some parts replaced, for simulations.
     *
     * @param predicts whether its service is a {@link dev.quorate.core.PredictingService}
     */
    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer, boolean predicts, PbftParts parts) {
        Limits limits = config.limits();
        Effects effects = new Effects();
        Readings readings = new Readings(limits);
        QuorumSystem quorums = parts.quorums(config);
        Window window = new Window(limits);
        SessionTable sessions = parts.sessions(limits);
        RequestPool pool = new RequestPool(limits);
        Replies replies = new Replies(self, config.n(), limits, sealer, effects);
        Execution execution = new Execution(readings, window, sessions, pool, replies, effects);
        Checkpoints checkpoints = parts.checkpoints(self, quorums.certificate(), sealer, window, effects);
        PbftLog log = new PbftLog(window, execution, parts.votes());
        Synchronizer synchronizer = new Synchronizer(self, quorums, sealer, effects, limits, this::leftFor);
        state = new PbftState(
                self,
                quorums,
                sealer,
                effects,
                readings,
                window,
                sessions,
                pool,
                replies,
                execution,
                checkpoints,
                log,
                synchronizer);
        future = new FutureMessages(limits.maxFrameBytes(), effects);
        normalCase = new NormalCase(state, future, new ValuesCheck(state, predicts));
        proposer = new Proposer(state, normalCase, predicts, limits);
        viewChanges = new ViewChangeHandler(state, normalCase, proposer, parts.outcomes());
        catchUp = new CatchUp(state, normalCase, limits.maxFrameBytes());
        stateTransfer = new StateTransfer(self, config.n(), sealer, checkpoints, execution, effects);
        statuses = new StatusHandler(state, viewChanges, limits);
        requests = new RequestHandler(state, statuses, config.fastReads());
        fastReads = new FastReads(config, replies, checkpoints, effects);
        pace = new PrimaryPace(
                config.n(), Math.max(1, limits.get(Limit.VIEW_TIMEOUT) / limits.get(Limit.STATUS_INTERVAL)));
    }

    private void onInstalled() {
        StableCertificate installed = stateTransfer.installed();
        state.checkpoints
                .image(installed.sequenceNumber())
                .ifPresent(image -> state.execution.install(installed.sequenceNumber(), image.bookkeeping()));
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
            onExecuted(executed);
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
            fastReads.onDone(read);
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
            pace.startOver(state.execution.requestsScheduled());
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

    private void onExecuted(Event.Executed executed) {
        state.execution
                .complete(executed, state.view())
                .filter(table -> !state.execution.isInstalling())
                .ifPresent(table -> state.checkpoints.begin(executed.sequenceNumber(), table));
        state.synchronizer.onProgress();
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
        state.pool.tick();
        state.synchronizer.onTick(state.pool.oldestWaiting());
        judgePace();
        viewChanges.onTick();
        normalCase.onTick();
        catchUp.onTick();
        stateTransfer.onTick();
        // Once a status interval has shown that retransmission does not help.
        boolean needsState = (isLeftBehind() && !moves) || state.checkpoints.hasDiverged();
        if (needsState && !stateTransfer.isRunning()) {
            stateTransfer.start(state.checkpoints.certificate());
        }
        statuses.onTick(moves);
    }

    private void judgePace() {
        RequestPool.Waits waits = state.pool.takeWaits();
        if (state.synchronizer.isActive() && !state.isPrimary()) {
            pace.onTick(state.view(), state.execution.requestsScheduled(), waits)
                    .ifPresent(state.synchronizer::suspect);
        }
    }

    @SuppressWarnings("unchecked") // A Verified<M> holds an M: its type says nothing else.
    private void receive(Verified<? extends Message> received) {
        switch (received.message().type()) {
            case REQUEST -> requests.onRequest((Verified<Request>) received);
            case PRE_PREPARE -> normalCase.onPrePrepare((Verified<PrePrepare>) received);
            case PREPARE -> normalCase.onPrepare((Verified<Prepare>) received);
            case COMMIT -> normalCase.onCommit((Verified<Commit>) received);
            case CHECKPOINT -> state.checkpoints.add((Verified<Checkpoint>) received);
            case REQ_VIEW_CHANGE -> state.synchronizer.onReqViewChange((Verified<ReqViewChange>) received);
            case VIEW_CHANGE -> viewChanges.onViewChange((Verified<ViewChange>) received);
            case NEW_VIEW -> viewChanges.onNewView((Verified<NewView>) received);
            case COMMITTED -> catchUp.onCommitted((Verified<Committed>) received);
            case FETCH_BATCH -> catchUp.onFetchBatch((Verified<FetchBatch>) received);
            case FETCH_STATE -> stateTransfer.onFetch((Verified<FetchState>) received);
            case STATE_PART -> stateTransfer.onPart((Verified<StatePart>) received);
            case BATCH_BODY -> catchUp.onBatchBody((Verified<BatchBody>) received);
            case STATUS -> statuses.onStatus((Verified<Status>) received);
            case READ -> fastReads.onRead((Verified<Read>) received);
            case REPLY, READ_REPLY, INSPECT, INSPECTION -> state.effects.reject(RejectionReason.UNEXPECTED, received);
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
