package dev.quorate.transport.driver;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.ReplicaListener;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.runtime.ReplicaObserver;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.Notice;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Finds what a listener wants to know in what a replica does anyway: a replica without a listener does nothing for it.
 * For the replica thread only.
 */
final class ListenerFeed implements ReplicaObserver {
    private final ListenerThread listener;
    private final LongSupplier nanos;
    private ReplicaId primary = new ReplicaId(0);

    private boolean fetching;
    private long fetchStartedNanos;
    private long fetchedBytes;

    /** @param nanos a clock that never goes back */
    ListenerFeed(ListenerThread listener, LongSupplier nanos) {
        this.listener = listener;
        this.nanos = nanos;
    }

    @Override
    public void handled(ReplicaId self, Event event) {
        if (event instanceof Event.Received received) {
            if (received.message().message() instanceof Request request) {
                ReplicaListener.RequestKey arrived = named(request.id());
                listener.post(to -> to.requestReceived(arrived));
            } else if (fetching && received.message().message() instanceof StatePart part) {
                fetchedBytes += part.content().length();
            }
        }
    }

    @Override
    public void applied(ReplicaId self, Effect effect) {
        if (effect instanceof Effect.Report report) {
            requests(report.notice());
            views(report.notice());
            states(report.notice());
        }
    }

    @Override
    public void stopped(ReplicaId self) {
        listener.end();
    }

    private void requests(Notice notice) {
        if (notice instanceof Notice.BatchScheduled batch) {
            for (RequestId id : batch.requests()) {
                ReplicaListener.RequestKey request = named(id);
                listener.post(to -> to.requestOrdered(request, batch.sequenceNumber()));
            }
        } else if (notice instanceof Notice.RequestExecuted executed) {
            ReplicaListener.RequestKey request = named(executed.request());
            listener.post(to -> to.requestExecuted(request, executed.sequenceNumber()));
        } else if (notice instanceof Notice.RequestSkipped skipped) {
            ReplicaListener.RequestKey request = named(skipped.request());
            listener.post(to -> to.requestPassedOver(request, skipped.sequenceNumber()));
        } else if (notice instanceof Notice.Rejected rejected
                && rejected.message().message() instanceof Request message) {
            ReplicaListener.RequestKey request = named(message.id());
            listener.post(to -> to.requestDropped(request, rejected.reason()));
        }
    }

    private void views(Notice notice) {
        if (notice instanceof Notice.PrimarySuspected suspected) {
            listener.post(to -> to.peerSuspected(suspected.primary(), suspected.reason()));
        } else if (notice instanceof Notice.Equivocation proof) {
            listener.post(to -> to.peerSuspected(proof.replica(), "it signed two things that contradict each other"));
        } else if (notice instanceof Notice.ViewLeft left) {
            listener.post(to -> to.viewChangeStarted(left.target()));
        } else if (notice instanceof Notice.ViewEntered entered) {
            listener.post(to -> to.viewChanged(entered.view(), entered.primary()));
            ReplicaId before = primary;
            primary = entered.primary();
            if (!entered.primary().equals(before)) {
                listener.post(to -> to.primaryChanged(before, entered.primary()));
            }
        }
    }

    private void states(Notice notice) {
        if (notice instanceof Notice.CheckpointStable stable) {
            listener.post(to -> to.checkpointStable(stable.sequenceNumber()));
        } else if (notice instanceof Notice.CheckpointsStall stall) {
            listener.post(to -> to.checkpointsStall(stall.sequenceNumber(), stall.agreeing(), stall.differing()));
        } else if (notice instanceof Notice.Diverged diverged) {
            listener.post(to -> to.diverged(diverged.sequenceNumber()));
        } else if (notice instanceof Notice.StateTransferStarted started) {
            fetching = true;
            fetchedBytes = 0;
            fetchStartedNanos = nanos.getAsLong();
            listener.post(to -> to.stateTransferStarted(started.stable()));
        } else if (notice instanceof Notice.StateTransferFinished finished) {
            finished(finished.stable());
        }
    }

    private void finished(SequenceNumber target) {
        long bytes = fetchedBytes;
        Duration duration = Duration.ofNanos(nanos.getAsLong() - fetchStartedNanos);
        fetching = false;
        listener.post(to -> to.stateTransferFinished(target, bytes, duration));
    }

    private static ReplicaListener.RequestKey named(RequestId id) {
        return new ReplicaListener.RequestKey(id.client(), id.session(), id.number());
    }
}
