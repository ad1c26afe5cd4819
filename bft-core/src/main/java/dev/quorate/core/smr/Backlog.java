package dev.quorate.core.smr;

import dev.quorate.core.Limits;
import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Sealer;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a replica that has fallen behind executes what is below the stable checkpoint, as long as the others have it in their
 * {@link History}: what {@code f+1} of them say was committed was, and a batch is fetched by its digest. Further behind, it
 * fetches a state.
 *
 * <p>Bound: the digests of a window, or of {@value dev.quorate.core.Limits#LEAST_CATCH_UP} positions if that is more, and the
 * batches of a window. Budget: to each peer in a status interval as many digests, once, and about
 * {@value #BATCHES_FOR_EACH_PEER} of the largest batches.
 */
public final class Backlog {
    private static final int BATCHES_FOR_EACH_PEER = 4;

    private static final class Entry {
        private final VoteCollector<Digest, ReplicaId> votes = new VoteCollector<>();
        /** What is committed; null if that is not known. */
        private Digest digest;
        /** Null if it is not here. */
        private Batch batch;
    }

    private final ReplicaId self;
    private final int needed;
    private final Sealer sealer;
    private final Window window;
    private final Execution execution;
    private final Effects effects;
    private final long bytesForEachPeer;
    private final int positions;

    private final NavigableMap<SequenceNumber, Entry> entries = new TreeMap<>();
    /** Batches up to here are fetched as soon as it is known which they are. */
    private SequenceNumber reach = SequenceNumber.ZERO;

    private int turn;

    /** Who was told in this interval what comes next. */
    private final Set<ReplicaId> helped = new TreeSet<>();

    private final Map<ReplicaId, Long> bytesSent = new TreeMap<>();

    /** @param needed how many replicas have to say that something is committed: {@code f+1} */
    Backlog(
            ReplicaId self,
            int needed,
            Sealer sealer,
            Window window,
            Execution execution,
            Effects effects,
            Limits limits) {
        this.self = self;
        this.needed = needed;
        this.sealer = sealer;
        this.window = window;
        this.execution = execution;
        this.effects = effects;
        this.bytesForEachPeer = (long) BATCHES_FOR_EACH_PEER * limits.maxBatchMessageBytes();
        this.positions = limits.catchUpPositions();
    }

    /** A status interval has passed: what was asked for may have been lost. */
    void onTick() {
        helped.clear();
        bytesSent.clear();
        turn++;
        fetchMissing(entries.headMap(reach, true));
    }

    // --- the replica that is behind

    /** What a peer says of positions up to the stable checkpoint. */
    public void onCommitted(Verified<Committed> received) {
        extendReach();
        Committed committed = received.message();
        SequenceNumber at = committed.from();
        for (Digest digest : committed.digests()) {
            if (isWanted(at)) {
                count(at, digest, received);
            }
            at = at.next();
        }
    }

    private boolean isWanted(SequenceNumber at) {
        SequenceNumber scheduled = execution.scheduled();
        return at.isAfter(scheduled) && !at.isAfter(scheduled.plus(positions)) && !at.isAfter(window.low());
    }

    private void count(SequenceNumber at, Digest digest, Verified<Committed> received) {
        Entry entry = entries.computeIfAbsent(at, position -> new Entry());
        ReplicaId voter = received.message().replica();
        if (entry.votes.add(voter, digest, voter) == VoteCollector.Outcome.CONFLICTING) {
            effects.reject(RejectionReason.CONFLICTING, received);
        } else if (entry.digest == null && entry.votes.count(digest) >= needed) {
            entry.digest = digest;
            if (digest.equals(Batches.nullBatch().digest())) {
                entry.batch = Batches.nullBatch();
            } else if (!at.isAfter(reach)) {
                fetch(at, entry);
            }
        }
    }

    /** As much as was executed may be held more. */
    private void extendReach() {
        SequenceNumber before = reach;
        reach = execution.scheduled().plus(window.length());
        if (reach.isAfter(before)) {
            fetchMissing(entries.subMap(before, false, reach, true));
        }
    }

    private void fetchMissing(NavigableMap<SequenceNumber, Entry> among) {
        among.forEach((at, entry) -> {
            if (entry.digest != null && entry.batch == null) {
                fetch(at, entry);
            }
        });
    }

    /** Asks one of those who say that it was committed, others for other positions, and another one each time. */
    private void fetch(SequenceNumber at, Entry entry) {
        List<ReplicaId> voters = entry.votes.votes(entry.digest);
        ReplicaId peer = voters.get((int) ((at.value() + turn) % voters.size()));
        effects.add(new Effect.Send(peer, sealer.seal(new FetchBatch(self, at, entry.digest))));
    }

    /** A batch has come. Returns whether it is one for a position up to the stable checkpoint. */
    public boolean onBatchBody(Verified<BatchBody> received) {
        BatchBody body = received.message();
        Entry entry = entries.get(body.sequenceNumber());
        if (entry == null || entry.batch != null || !body.batch().digest().equals(entry.digest)) {
            return false;
        }
        entry.batch = body.batch();
        return true;
    }

    /** The batch at a position up to the stable checkpoint, if it is held. */
    Optional<Batch> committed(SequenceNumber at) {
        return Optional.ofNullable(entries.get(at)).map(entry -> entry.batch);
    }

    /** Whether it is known what comes next: then it is on its way. */
    boolean knowsNext() {
        Entry next = entries.get(execution.scheduled().next());
        return next != null && next.digest != null;
    }

    /** Lets go of what is executed, and fetches what comes next. */
    void discard() {
        if (!entries.isEmpty()) {
            entries.headMap(execution.scheduled(), true).clear();
            extendReach();
        }
    }

    // --- the others

    /** A peer has executed up to {@code executed}: tells it what comes next, if it needs this replica's history for that. */
    public void help(ReplicaId peer, SequenceNumber executed) {
        if (executed.compareTo(window.low()) < 0 && helped.add(peer)) {
            List<Digest> digests = execution.history().digestsAfter(executed, positions);
            if (!digests.isEmpty()) {
                effects.add(new Effect.Send(peer, sealer.seal(new Committed(self, executed.next(), digests))));
            }
        }
    }

    /** A peer asks for a batch, which this replica has executed or not. */
    public void onFetchBatch(Verified<FetchBatch> received, Optional<Batch> held) {
        FetchBatch fetch = received.message();
        Optional<Batch> batch = held.or(() -> execution
                .history()
                .find(fetch.sequenceNumber())
                .filter(executed -> executed.digest().equals(fetch.digest())));
        if (batch.isEmpty()) {
            return;
        }
        ReplicaId peer = fetch.replica();
        long sent = bytesSent.getOrDefault(peer, 0L) + batch.get().encoded().length();
        if (sent > bytesForEachPeer) {
            effects.reject(RejectionReason.QUOTA_EXCEEDED, received);
            return;
        }
        bytesSent.put(peer, sent);
        effects.add(new Effect.Send(peer, sealer.seal(new BatchBody(self, fetch.sequenceNumber(), batch.get()))));
    }
}
