package dev.quorate.core.minbft;

import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.smr.ReplicaParts;
import dev.quorate.core.wire.Verified;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Brings a replica back to where it was, from its records: the messages of all streams as it handled them, its own
 * included. Handling them once more leads to the same state, because nothing else is in it. Of the other streams a prefix
 * is enough, and what is missing is fetched; of its own nothing is missing, unless the USIG knows better.
 *
 * <p>Nothing is said meanwhile: a replica that has not entered a view votes for nothing in it.
 */
final class Recovery {
    private final ReplicaParts parts;
    private final Streams streams;
    private final List<StreamPosition> starts;
    private final Ordering ordering;

    /** @param starts where the streams begin */
    Recovery(ReplicaParts parts, Streams streams, List<StreamPosition> starts, Ordering ordering) {
        this.parts = parts;
        this.streams = streams;
        this.starts = starts;
        this.ordering = ordering;
    }

    void replay(List<Verified<? extends Message>> records) {
        List<Verified<? extends ReplicaMessage>> said = new ArrayList<>();
        for (Verified<? extends Message> record : records) {
            if (MinMessages.isOfStream(record.message())) {
                said.add(record.as(ReplicaMessage.class));
            }
        }
        // What was kept anew stands behind what was said after it: nothing is to wait, and be dropped, for that reason.
        said.sort(Comparator.comparingLong(message -> message.ui().place()));
        View view = said.stream()
                .map(Verified::message)
                .filter(message ->
                        message instanceof MinViewChange && message.replica().equals(parts.self))
                .map(MinMessages::viewOf)
                .max(View::compareTo)
                .orElse(View.ZERO);
        // Never in the middle of being in it: it is entered again, as soon as nothing is missing for that.
        parts.synchronizer.resume(view, false);
        streams.startFrom(starts);
        if (view.primary(parts.quorums.n()).equals(parts.self)) {
            resumeOrder(view, said);
        }
        said.forEach(streams::recover);
        streams.endRecovery();
        parts.synchronizer.resume(view, view.equals(View.ZERO));
    }

    /**
     * The primary goes on after what it proposed, even if its stream does not matter any more up to there.
     *
     * @param said in the order of the places
     */
    private void resumeOrder(View view, List<Verified<? extends ReplicaMessage>> said) {
        long start = streams.of(parts.self).start();
        List<Verified<? extends ReplicaMessage>> own = said.stream()
                .filter(message -> message.message().replica().equals(parts.self)
                        && MinMessages.viewOf(message.message()).equals(view))
                .toList();
        if (own.isEmpty()) {
            return;
        }
        Verified<? extends ReplicaMessage> newest = own.get(own.size() - 1);
        Optional<SequenceNumber> proposed =
                newest.ui().place() < start && newest.message() instanceof MinPrepare prepare
                        ? Optional.of(prepare.sequenceNumber())
                        : Optional.empty();
        own.stream()
                .filter(message ->
                        message.message() instanceof MinNewView && message.ui().place() < start)
                .findFirst()
                .ifPresent(
                        newView -> ordering.order(view).begunBefore(newView.ui().place()));
        proposed.ifPresent(ordering.order(view)::proposedBefore);
    }
}
