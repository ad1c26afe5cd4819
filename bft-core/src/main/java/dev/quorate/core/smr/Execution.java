package dev.quorate.core.smr;

import dev.quorate.core.AgreedValues;
import dev.quorate.core.Operation;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.ProposedValues;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives committed batches to the service, in the order of their sequence numbers and without a gap, and answers the
 * clients.
 *
 * <p>Several batches may be with the service at a time, but none beyond a checkpoint that it has not reached: at that
 * moment the session table stands exactly for the checkpoint.
 */
public final class Execution {
    private record InService(SequenceNumber sequenceNumber, List<RequestId> requests) {}

    private final Readings readings;
    private final Window window;
    private final SessionTable sessions;
    private final Rejoins rejoins;
    private final RequestPool pool;
    private final Replies replies;
    private final Effects effects;
    private final History history;

    private final Deque<InService> inService = new ArrayDeque<>();
    private SequenceNumber scheduled = SequenceNumber.ZERO;
    private SequenceNumber executed = SequenceNumber.ZERO;
    private long requestsScheduled;
    /** The agreed time of the last batch that had one: replicated state. */
    private long timeMillis;
    /** Whether the service is getting another state: until then it is given nothing. */
    private boolean installing;

    public Execution(
            Readings readings,
            Window window,
            SessionTable sessions,
            Rejoins rejoins,
            RequestPool pool,
            Replies replies,
            Effects effects,
            History history) {
        this.readings = readings;
        this.window = window;
        this.sessions = sessions;
        this.rejoins = rejoins;
        this.pool = pool;
        this.replies = replies;
        this.effects = effects;
        this.history = history;
    }

    /** What was executed last. */
    History history() {
        return history;
    }

    /** The last sequence number that was given to the service. */
    public SequenceNumber scheduled() {
        return scheduled;
    }

    /** The last sequence number that the service has executed. */
    public SequenceNumber executed() {
        return executed;
    }

    /** How many requests were given to the service so far. */
    public long requestsScheduled() {
        return requestsScheduled;
    }

    /** Gives the service whatever is next. */
    public void advance(Function<SequenceNumber, Optional<Batch>> committed) {
        while (!installing && !isAtCheckpoint()) {
            SequenceNumber next = scheduled.next();
            Optional<Batch> batch = committed.apply(next);
            if (batch.isEmpty()) {
                return;
            }
            schedule(next, batch.get());
        }
    }

    /** Whether the service is on its way to a checkpoint, beyond which it gets nothing yet. */
    private boolean isAtCheckpoint() {
        return window.isCheckpoint(scheduled) && scheduled.isAfter(executed);
    }

    private void schedule(SequenceNumber at, Batch batch) {
        List<RequestId> requests = new ArrayList<>();
        List<Operation> operations = new ArrayList<>();
        AgreedValues agreed = agree(batch.values());
        batch.rejoin().ifPresent(rejoin -> rejoins.execute(rejoin, at));
        for (Request request : batch.requests()) {
            RequestId id = request.id();
            switch (sessions.schedule(id, at)) {
                case EXECUTE -> {
                    requests.add(id);
                    operations.add(new Operation(id.client(), at, request.operation(), agreed, operations.size()));
                    pool.settle(id, sessions.scheduled(id), readings.wallClockMillis());
                    if (id.number() == 1) {
                        pool.dropEvicted(id.client(), sessions);
                    }
                }
                case SKIP -> {
                    effects.report(new Notice.RequestSkipped(id, at));
                    pool.settle(id, sessions.scheduled(id), readings.wallClockMillis());
                }
                case EVICTED -> {
                    effects.report(new Notice.RequestSkipped(id, at));
                    pool.drop(id);
                }
            }
        }
        scheduled = at;
        history.add(at, batch);
        requestsScheduled += operations.size();
        inService.add(new InService(at, requests));
        effects.report(new Notice.BatchScheduled(at, requests));
        effects.add(new Effect.Execute(at, operations));
    }

    /** The larger of the proposed time and that of the batch before: time never goes back. */
    private AgreedValues agree(ProposedValues values) {
        timeMillis = Math.max(timeMillis, values.timeMillis());
        return new AgreedValues(Instant.ofEpochMilli(timeMillis), values.seed(), values.prediction());
    }

    /**
     * The service has executed a batch: keeps the results and replies.
     *
     * @return the replica's bookkeeping, if the batch is one after which a checkpoint is taken
     */
    public Optional<Bytes> complete(Event.Executed event, View view) {
        InService first = inService.peek();
        if (first == null
                || !first.sequenceNumber().equals(event.sequenceNumber())
                || first.requests().size() != event.results().size()) {
            effects.add(new Effect.Halt("the service reports " + event.sequenceNumber() + " with "
                    + event.results().size() + " results, but is working on " + first));
            return Optional.empty();
        }
        inService.remove();
        executed = event.sequenceNumber();
        sessions.complete(executed, first.requests(), event.results());
        for (int i = 0; i < first.requests().size(); i++) {
            RequestId request = first.requests().get(i);
            Result result = event.results().get(i);
            effects.report(new Notice.RequestExecuted(request, executed));
            replies.executed(request, result, view);
        }
        return window.isCheckpoint(executed) ? Optional.of(bookkeeping()) : Optional.empty();
    }

    /** What the replica itself keeps as replicated state: the agreed time, who has rejoined, and the sessions. */
    private Bytes bookkeeping() {
        byte[] rejoined = rejoins.encode().unsafeArray();
        byte[] table = sessions.encode().unsafeArray();
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + rejoined.length + table.length)
                .putLong(timeMillis)
                .put(rejoined)
                .put(table)
                .array());
    }

    /** Whether the service is getting another state. */
    public boolean isInstalling() {
        return installing;
    }

    /** The service gets another state, after what it was given. */
    public void beginInstall() {
        installing = true;
    }

    /** After a restart, before the service has its state again: what the protocol has to know of it. */
    void recall(Bytes bookkeeping) {
        rejoins.decode(ByteBuffer.wrap(bookkeeping.unsafeArray()).position(Long.BYTES));
    }

    /** The service has the state at {@code at}: goes on from there. */
    public void install(SequenceNumber at, Bytes bookkeeping) {
        if (!inService.isEmpty()) {
            effects.add(new Effect.Halt("a state was installed while the service still works on " + inService.peek()));
            return;
        }
        installing = false;
        scheduled = at;
        executed = at;
        history.startOver();
        ByteBuffer in = ByteBuffer.wrap(bookkeeping.unsafeArray());
        timeMillis = in.getLong();
        rejoins.decode(in);
        byte[] table = new byte[in.remaining()];
        in.get(table);
        sessions.decode(Bytes.wrap(table));
        pool.settleAll(sessions, readings.wallClockMillis());
    }
}
