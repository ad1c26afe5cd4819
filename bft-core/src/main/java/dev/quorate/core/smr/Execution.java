package dev.quorate.core.smr;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Reply;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Sealer;
import dev.quorate.crypto.Bytes;
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

    private final ReplicaId self;
    private final Sealer sealer;
    private final Window window;
    private final SessionTable sessions;
    private final RequestPool pool;
    private final Effects effects;

    private final Deque<InService> inService = new ArrayDeque<>();
    private SequenceNumber scheduled = SequenceNumber.ZERO;
    private SequenceNumber executed = SequenceNumber.ZERO;
    /** Whether the service is getting another state: until then it is given nothing. */
    private boolean installing;

    public Execution(
            ReplicaId self, Sealer sealer, Window window, SessionTable sessions, RequestPool pool, Effects effects) {
        this.self = self;
        this.sealer = sealer;
        this.window = window;
        this.sessions = sessions;
        this.pool = pool;
        this.effects = effects;
    }

    /** The last sequence number that was given to the service. */
    public SequenceNumber scheduled() {
        return scheduled;
    }

    /** The last sequence number that the service has executed. */
    public SequenceNumber executed() {
        return executed;
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
        for (Request request : batch.requests()) {
            RequestId id = request.id();
            switch (sessions.schedule(id, at)) {
                case EXECUTE -> {
                    requests.add(id);
                    operations.add(new Operation(id.client(), at, request.operation()));
                    pool.settle(id, sessions.scheduled(id));
                }
                case SKIP -> {
                    effects.report(new Notice.RequestSkipped(id, at));
                    pool.settle(id, sessions.scheduled(id));
                }
                case EVICTED -> {
                    effects.report(new Notice.RequestSkipped(id, at));
                    pool.drop(id);
                }
            }
        }
        scheduled = at;
        inService.add(new InService(at, requests));
        effects.report(new Notice.BatchScheduled(at, requests));
        effects.add(new Effect.Execute(at, operations));
    }

    /**
     * The service has executed a batch: keeps the results and replies.
     *
     * @return the session table, if the batch is one after which a checkpoint is taken
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
        for (int i = 0; i < first.requests().size(); i++) {
            RequestId request = first.requests().get(i);
            Result result = event.results().get(i);
            sessions.complete(request, result);
            effects.report(new Notice.RequestExecuted(request, executed));
            reply(request, result, view);
        }
        return window.isCheckpoint(executed) ? Optional.of(sessions.encode()) : Optional.empty();
    }

    /** Whether the service is getting another state. */
    public boolean isInstalling() {
        return installing;
    }

    /** The service gets another state, after what it was given. */
    public void beginInstall() {
        installing = true;
    }

    /** The service has the state at {@code at}: goes on from there. */
    public void install(SequenceNumber at, Bytes sessionTable) {
        if (!inService.isEmpty()) {
            effects.add(new Effect.Halt("a state was installed while the service still works on " + inService.peek()));
            return;
        }
        installing = false;
        scheduled = at;
        executed = at;
        sessions.decode(sessionTable);
        pool.settleAll(sessions);
    }

    /** Answers a client. */
    public void reply(RequestId request, Result result, View view) {
        effects.add(new Effect.SendToClient(request.client(), sealer.seal(new Reply(self, view, request, result))));
    }
}
