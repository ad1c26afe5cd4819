package dev.quorate.core.pbft;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Committed;
import dev.quorate.core.message.FetchBatch;
import dev.quorate.core.quorum.VoteCollector;
import dev.quorate.core.smr.BackOff;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Retransmission;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.List;
import java.util.Optional;

/**
 * How a replica gets what it missed without taking part: what {@code f+1} others say is committed is committed, in any
 * view and during a view change, too. PREPAREs alone never show that. Batches known by digest are fetched from anybody. What
 * is below the stable checkpoint is the {@link dev.quorate.core.smr.Backlog}'s.
 */
final class CatchUp {
    private static final int FETCHES_AT_A_TIME = 256;

    private final PbftState state;
    private final NormalCase normalCase;
    private final BackOff fetching;
    /** What was missing at the last tick. */
    private List<Digest> missing = List.of();

    private int turn;

    CatchUp(PbftState state, NormalCase normalCase) {
        this.state = state;
        this.normalCase = normalCase;
        this.fetching = new BackOff(Retransmission.idleTicks(state.parts));
    }

    void onCommitted(Verified<Committed> received) {
        Committed committed = received.message();
        SequenceNumber at = committed.from();
        for (Digest digest : committed.digests()) {
            if (at.isAfter(state.window.low()) && state.log.accepts(at)) {
                count(state.log.slot(at), digest, received);
            }
            at = at.next();
        }
    }

    private void count(Slot slot, Digest digest, Verified<Committed> received) {
        ReplicaId voter = received.message().replica();
        VoteCollector.Outcome outcome = slot.committedElsewhere.add(voter, digest, voter);
        if (outcome == VoteCollector.Outcome.CONFLICTING) {
            state.effects.reject(RejectionReason.CONFLICTING, received);
        } else if (slot.decided == null && slot.committedElsewhere.count(digest) >= state.quorums.weak()) {
            state.decide(slot, digest);
            if (slot.committedBatch().isEmpty()) {
                fetch(slot, digest);
            }
        }
    }

    /** Asks for every batch that is known by its digest only. */
    void fetchMissing() {
        int asked = 0;
        for (Slot slot : state.log.all()) {
            Optional<Digest> missing = slot.missing();
            if (missing.isPresent() && asked++ < FETCHES_AT_A_TIME) {
                fetch(slot, missing.get());
            }
        }
    }

    /** Asks {@code f+1} peers, others each time: whatever is proposed or committed, enough correct ones hold. */
    private void fetch(Slot slot, Digest digest) {
        int n = state.quorums.n();
        for (int i = 0; i < Math.min(state.quorums.weak(), n - 1); i++) {
            int distance = 1 + (turn + i) % (n - 1);
            ReplicaId peer = new ReplicaId((state.self.value() + distance) % n);
            state.effects.add(
                    new Effect.Send(peer, state.sealer.seal(new FetchBatch(state.self, slot.sequenceNumber, digest))));
        }
    }

    void onTick() {
        List<Digest> before = missing;
        missing = state.log.all().stream()
                .flatMap(slot -> slot.missing().stream())
                .toList();
        if (fetching.isDue(!missing.equals(before))) {
            turn++;
            fetchMissing();
        }
    }

    /** What a peer asks for, if it is held. */
    Optional<Batch> find(FetchBatch fetch) {
        return state.log.find(fetch.sequenceNumber()).flatMap(slot -> slot.batch(fetch.digest()));
    }

    void onBatchBody(Verified<BatchBody> received) {
        BatchBody body = received.message();
        Optional<Slot> slot = state.log.find(body.sequenceNumber());
        if (slot.isPresent()
                && slot.get().missing().filter(body.batch().digest()::equals).isPresent()) {
            normalCase.onBatch(slot.get(), body.batch());
        } else {
            state.effects.reject(RejectionReason.UNEXPECTED, received);
        }
    }
}
