package dev.quorate.core.minbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.message.FetchLog;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinStatus;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.smr.BaseReplica;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.PositionLog;
import dev.quorate.core.smr.Proposer;
import dev.quorate.core.smr.RequestHandler;
import dev.quorate.core.smr.Retransmission;
import dev.quorate.core.smr.ValuesCheck;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A replica of MinBFT: puts the parts together, and gives each event to the one that handles it. */
public final class MinBftReplica extends BaseReplica {
    private final MinCheckpoints checkpoints;
    private final PositionLog<MinSlot> log;
    private final Streams streams;
    private final NewViews newViews;
    private final Ordering ordering;
    private final ViewChanges viewChanges;
    private final Proposer proposer;
    private final MinStatusHandler statuses;
    private final RequestHandler requests;
    /** From where on the streams are kept. */
    private List<StreamPosition> streamsFrom = List.of();

    private long handledBefore;
    private SequenceNumber executedBefore = SequenceNumber.ZERO;

    /** @param predicts whether its service is a {@link dev.quorate.core.PredictingService} */
    public MinBftReplica(ClusterConfig config, ReplicaId self, Sealer sealer, boolean predicts) {
        this(config, self, sealer, predicts, new MinParts());
    }

    /** A replica with some rules replaced, for simulations. Otherwise as above. */
    public MinBftReplica(ClusterConfig config, ReplicaId self, Sealer sealer, boolean predicts, MinParts rules) {
        super(
                config,
                self,
                sealer,
                rules.quorums(config),
                rules.sessions(config.limits()),
                (id, quorum, by, window, effects) ->
                        new MinCheckpoints(rules, id, rules.quorums(config), by, window, effects));
        checkpoints = (MinCheckpoints) parts.checkpoints;
        log = new PositionLog<>(parts.window, parts.execution, MinSlot::new);
        streams = new Streams(parts, rules, this::handleInOrder);
        checkpoints.set(streams::positionsAfter);
        newViews = new NewViews(parts, streams, rules);
        ordering = new Ordering(parts, rules, log, newViews, new ValuesCheck(parts, predicts), streams);
        viewChanges = new ViewChanges(parts, rules, streams, newViews, ordering);
        proposer = new Proposer(parts, predicts, ordering::propose);
        viewChanges.set(proposer);
        statuses = new MinStatusHandler(parts, log, streams);
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
        ordering.onJudged(event);
    }

    @Override
    protected void proceed(boolean moved) {
        // The window may have moved, or the state have come without which nothing in it may be handled.
        streams.drain();
        SequenceNumber executed = parts.execution.executed();
        if (moved || !executed.equals(executedBefore)) {
            executedBefore = executed;
            leaveIfVoid();
        }
        boolean started = startFromStable();
        if (moved || started) {
            viewChanges.tryAgain();
        }
        if (streams.handled() != handledBefore || moved || started) {
            handledBefore = streams.handled();
            ordering.takeAllInOrder();
        }
        viewChanges.proceed();
        if (viewChanges.hasEntered()) {
            parts.onEntered();
            leaveIfVoid();
        }
        execute();
        log.discard();
    }

    /** Before the window is used up, if the view cannot be used beyond a position in it. */
    private void leaveIfVoid() {
        View view = parts.view();
        if (newViews.isVoid(view, ordering.order(view).newView(), parts.window.high())) {
            parts.synchronizer.suspect("its view began with what a replica has forgotten since");
        }
    }

    /** Where the streams begin: that of a replica that has rejoined with its new USIG. */
    private List<StreamPosition> starts() {
        List<StreamPosition> starts = new ArrayList<>();
        for (StreamPosition proven : checkpoints.starts()) {
            ReplicaId of = new ReplicaId(starts.size());
            long epoch = parts.rejoins.votingIncarnation(of);
            boolean old = UniqueIdentifier.epochOf(proven.counter()) < epoch;
            starts.add(old ? new StreamPosition(UniqueIdentifier.firstPlace(epoch), Optional.empty()) : proven);
        }
        return starts;
    }

    /** With the state at the stable checkpoint, nothing before the starts of the streams matters any more. */
    private boolean startFromStable() {
        if (!parts.hasExecutedStable()) {
            return false;
        }
        checkpoints.judgeStarts();
        List<StreamPosition> starts = starts();
        if (starts.equals(streamsFrom)) {
            return false;
        }
        streamsFrom = starts;
        for (Stream stream : streams.all()) {
            long place = starts.get(stream.of.value()).counter();
            if (place > stream.next()) {
                ordering.onRejoined(stream, place);
            }
        }
        streams.startFrom(starts);
        ordering.startFromStable();
        View lowest = streams.lowestView();
        newViews.forgetBelow(lowest);
        ordering.forgetBelow(lowest);
        learnViews(starts);
        return true;
    }

    private void handleInOrder(Stream stream, long counter, Verified<? extends ReplicaMessage> message) {
        switch (message.message().type()) {
            case MIN_PREPARE -> ordering.onPrepare(stream, message.as(MinPrepare.class));
            case MIN_COMMIT -> ordering.onCommit(stream, message.as(MinCommit.class));
            case MIN_NEW_VIEW -> viewChanges.onNewView(stream, counter, message.as(MinNewView.class));
            default -> {} // A VIEW-CHANGE says nothing but its view, which the stream keeps.
        }
    }

    /** Who has rejoined, or was away, learns the others' views from what they have left: they need not say it again. */
    private void learnViews(List<StreamPosition> starts) {
        for (int i = 0; i < starts.size(); i++) {
            ReplicaId of = new ReplicaId(i);
            starts.get(i).left().ifPresent(left -> parts.synchronizer.onPeerView(of, left.view()));
        }
    }

    @Override
    protected Optional<Batch> committed(SequenceNumber at) {
        return log.find(at).flatMap(MinSlot::committedBatch);
    }

    @Override
    protected SequenceNumber ordered() {
        return log.highest();
    }

    @Override
    protected int logSize() {
        return log.size();
    }

    /** The primary goes on after what it proposed itself in this view. */
    @Override
    protected SequenceNumber proposed() {
        return parts.isPrimary() ? ordering.proposed().orElse(ordered()) : ordered();
    }

    @Override
    protected void onKept(long ticket) {
        streams.onKept(ticket);
    }

    @Override
    protected void onVoting() {
        if (parts.synchronizer.isActive() && !parts.view().equals(View.ZERO)) {
            // What it votes for in lower views, after a restart say, must not count: its new USIG has not said so yet.
            viewChanges.leftFor(parts.view());
        }
        // It votes for what it has seen with the next status interval.
    }

    /**
     * The streams begin at once where they did: what lies before is in the store no more, and all that follows would wait for
     * it. So a certificate is not looked at again if the newest state is at most two windows below it: that has all epochs
     * which a correct signer may have named, since a stream goes on in a new one two windows after its REJOIN. What is
     * unproven, and of none of these, was made up. What is of one of them may be right: perhaps the USIG was not accepted
     * before the crash.
     */
    @Override
    protected void recall(Verified<Stable> certificate, SequenceNumber newest) {
        super.recall(certificate, newest);
        boolean mayBeProven = certificate.unproven().stream()
                .anyMatch(unproven -> parts.rejoins.isKnown(
                        unproven.of(), unproven.left().ui().epoch()));
        SequenceNumber at = certificate.message().certificate().sequenceNumber();
        boolean knowsAllEpochs = !at.isAfter(newest.plus(2L * parts.window.length()));
        if (!certificate.unproven().isEmpty() && !mayBeProven && knowsAllEpochs) {
            checkpoints.onValidatedAgain(certificate);
        }
    }

    @Override
    protected void replay(List<Verified<? extends Message>> records) {
        // It starts from there once more afterwards: what that shows of the others may have this replica leave its
        // view.
        new Recovery(parts, streams, starts(), ordering).replay(records);
    }

    /** Not before the streams begin where the stable checkpoint has them begin: what is kept anew is what lies before that. */
    @Override
    protected boolean mayDiscard() {
        return checkpoints.haveJudgedStarts() && parts.hasExecutedStable();
    }

    @Override
    protected void persistAgain() {
        streams.persistAgain();
    }

    @Override
    protected void tick() {
        ordering.onTick();
        viewChanges.tryAgain();
        leaveIfVoid(); // Again, if the others did not come along.
    }

    @Override
    protected void endTick() {
        statuses.onTick();
    }

    @Override
    protected void receive(Verified<? extends Message> received) {
        switch (received.message().type()) {
            case REQUEST -> requests.onRequest(received.as(Request.class));
            case MIN_PREPARE, MIN_COMMIT, MIN_VIEW_CHANGE, MIN_NEW_VIEW ->
                streams.accept(received.as(ReplicaMessage.class));
            case CHECKPOINT -> parts.checkpoints.add(received.as(Checkpoint.class));
            case STABLE -> parts.checkpoints.onStable(received.as(Stable.class));
            case REQ_VIEW_CHANGE -> parts.synchronizer.onReqViewChange(received.as(ReqViewChange.class));
            case MIN_STATUS -> statuses.onStatus(received.as(MinStatus.class));
            case FETCH_LOG -> statuses.onFetch(received.as(FetchLog.class));
            case FETCH_STATE -> parts.stateSource.onFetch(received.as(FetchState.class));
            case STATE_PART -> parts.stateTransfer.onPart(received.as(StatePart.class));
            case COMMITTED -> parts.backlog.onCommitted(received.as(Committed.class));
            case FETCH_BATCH -> parts.backlog.onFetchBatch(received.as(FetchBatch.class), Optional.empty());
            case BATCH_BODY -> {
                if (!parts.backlog.onBatchBody(received.as(BatchBody.class))) {
                    parts.effects.reject(RejectionReason.UNEXPECTED, received);
                }
            }
            case REJOIN -> parts.rejoins.onRejoin(received.as(Rejoin.class));
            case READ -> parts.fastReads.onRead(received.as(Read.class));
            case PRE_PREPARE, PREPARE, COMMIT, VIEW_CHANGE, NEW_VIEW, STATUS, REPLY, READ_REPLY, INSPECT, INSPECTION ->
                parts.effects.reject(RejectionReason.UNEXPECTED, received);
        }
    }
}
