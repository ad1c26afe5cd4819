package dev.quorate.core.pbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
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
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.Status;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.BaseReplica;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.FutureMessages;
import dev.quorate.core.smr.PositionLog;
import dev.quorate.core.smr.Proposer;
import dev.quorate.core.smr.RequestHandler;
import dev.quorate.core.smr.Retransmission;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import java.util.List;
import java.util.Optional;

/** A replica of PBFT: puts the parts together, and gives each event to the one that handles it. */
public final class PbftReplica extends BaseReplica {
    private final PbftState state;
    private final RequestHandler requests;
    private final NormalCase normalCase;
    private final ViewChangeHandler viewChanges;
    private final Proposer proposer;
    private final CatchUp catchUp;
    private final StatusHandler statuses;
    private final FutureMessages future;

    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer) {
        this(config, self, sealer, false, new PbftParts());
    }

    /**
     * A replica with some parts replaced, for simulations.
     *
     * @param predicts whether its service is a {@link dev.quorate.core.PredictingService}
     */
    public PbftReplica(ClusterConfig config, ReplicaId self, Sealer sealer, boolean predicts, PbftParts replaced) {
        super(
                config,
                self,
                sealer,
                replaced.quorums(config),
                replaced.sessions(config.limits()),
                replaced::checkpoints);
        VoteCollector.Factory votes = replaced.votes();
        state = new PbftState(parts, new PositionLog<>(parts.window, parts.execution, at -> new Slot(at, votes)));
        int largest = config.limits().maxBatchMessageBytes();
        future = new FutureMessages(largest, parts.effects);
        normalCase = new NormalCase(state, future, new ValuesCheck(parts, predicts));
        proposer = new Proposer(parts, predicts, normalCase::propose);
        viewChanges = new ViewChangeHandler(state, normalCase, proposer, replaced.outcomes());
        catchUp = new CatchUp(state, normalCase);
        statuses = new StatusHandler(state, viewChanges, config.limits());
        requests = new RequestHandler(parts, retransmission()::announce, config.fastReads());
    }

    @Override
    protected Proposer proposer() {
        return proposer;
    }

    @Override
    protected Retransmission retransmission() {
        return statuses.retransmission();
    }

    @Override
    protected void leftFor(View view) {
        viewChanges.leftFor(view);
    }

    @Override
    protected void onJudged(Event.Judged event) {
        normalCase.onJudged(event);
    }

    @Override
    protected void proceed(boolean moved) {
        viewChanges.proceed();
        if (viewChanges.hasEntered()) {
            parts.onEntered();
            replayHeld();
            catchUp.fetchMissing();
        }
        execute();
        state.log.discard();
    }

    @Override
    protected Optional<Batch> committed(SequenceNumber at) {
        return state.log.find(at).flatMap(Slot::committedBatch);
    }

    @Override
    protected SequenceNumber ordered() {
        return state.ordered();
    }

    @Override
    protected int logSize() {
        return state.log.size();
    }

    @Override
    protected void onVoting() {
        normalCase.onVoting();
    }

    @Override
    protected void onMended() {
        normalCase.onVoting();
    }

    @Override
    protected void replay(List<Verified<? extends Message>> records) {
        new Recovery(state, normalCase, viewChanges).replay(records);
    }

    @Override
    protected void persistAgain() {
        viewChanges.persistAgain();
    }

    @Override
    protected void tick() {
        viewChanges.onTick();
        normalCase.onTick();
        catchUp.onTick();
    }

    @Override
    protected void endTick() {
        statuses.onTick();
    }

    @Override
    protected void receive(Verified<? extends Message> received) {
        switch (received.message().type()) {
            case REQUEST -> requests.onRequest(received.as(Request.class));
            case PRE_PREPARE -> normalCase.onPrePrepare(received.as(PrePrepare.class));
            case PREPARE -> normalCase.onPrepare(received.as(Prepare.class));
            case COMMIT -> normalCase.onCommit(received.as(Commit.class));
            case CHECKPOINT -> state.checkpoints.add(received.as(Checkpoint.class));
            case STABLE -> state.checkpoints.onStable(received.as(Stable.class));
            case REQ_VIEW_CHANGE -> state.synchronizer.onReqViewChange(received.as(ReqViewChange.class));
            case VIEW_CHANGE -> viewChanges.onViewChange(received.as(ViewChange.class));
            case NEW_VIEW -> viewChanges.onNewView(received.as(NewView.class));
            case COMMITTED -> {
                parts.backlog.onCommitted(received.as(Committed.class));
                catchUp.onCommitted(received.as(Committed.class));
            }
            case FETCH_BATCH -> {
                Verified<FetchBatch> fetch = received.as(FetchBatch.class);
                parts.backlog.onFetchBatch(fetch, catchUp.find(fetch.message()));
            }
            case FETCH_STATE -> parts.stateSource.onFetch(received.as(FetchState.class));
            case STATE_PART -> parts.stateTransfer.onPart(received.as(StatePart.class));
            case BATCH_BODY -> {
                if (!parts.backlog.onBatchBody(received.as(BatchBody.class))) {
                    catchUp.onBatchBody(received.as(BatchBody.class));
                }
            }
            case STATUS -> statuses.onStatus(received.as(Status.class));
            case REJOIN -> parts.rejoins.onRejoin(received.as(Rejoin.class));
            case READ -> parts.fastReads.onRead(received.as(Read.class));
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
}
