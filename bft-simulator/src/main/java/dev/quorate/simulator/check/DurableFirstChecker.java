package dev.quorate.simulator.check;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.BatchBody;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Commit;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Proof;
import dev.quorate.core.message.NewView;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Prepare;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Nothing that binds a correct replica leaves it before everything is on its disk that it needs to keep its word: the
 * proposal and its batch before a PREPARE, all PREPAREs before a COMMIT, a message that only it can repeat before that
 * leaves, a state before the CHECKPOINT of it, and the NEW-VIEW before the first vote in a view.
 */
public final class DurableFirstChecker implements Checker {
    private record Proposal(View view, SequenceNumber at, Digest digest) {}

    /** What is on the disk of one replica. */
    private static final class Shelf {
        private final Set<Proposal> proposals = new HashSet<>();
        private final Map<Proposal, Set<ReplicaId>> prepares = new HashMap<>();
        private final Map<SequenceNumber, Set<Digest>> batches = new HashMap<>();
        private final Set<View> newViews = new HashSet<>();
        private final Set<View> viewChanges = new HashSet<>();
        private final Set<SequenceNumber> states = new HashSet<>();
        private final Set<SequenceNumber> checkpoints = new HashSet<>();
        private final Set<Long> counters = new HashSet<>();
        /** The highest counter that it has used, and the highest that it has forgotten: others may give it these back. */
        private long lastSaid;

        private long lastForgotten;
    }

    private final int preparesNeeded;
    private final Digest nullBatch;
    private final Map<ReplicaId, Shelf> shelves = new HashMap<>();
    private final Set<ReplicaId> amnesic = new HashSet<>();

    /**
     * @param preparesNeeded how many PREPAREs prove that a batch prepared
     * @param nullBatch what need not be kept, because everybody knows it
     */
    public DurableFirstChecker(int preparesNeeded, Digest nullBatch) {
        this.preparesNeeded = preparesNeeded;
        this.nullBatch = nullBatch;
    }

    @Override
    public Optional<Violation> observe(Observation observation) {
        if (observation instanceof Observation.Restarted restarted && !restarted.remembers()) {
            Shelf forgotten = shelf(restarted.replica());
            shelves.remove(restarted.replica());
            shelf(restarted.replica()).lastForgotten = forgotten.lastSaid;
            amnesic.add(restarted.replica());
        } else if (observation instanceof Observation.Rejoined rejoined) {
            amnesic.remove(rejoined.replica());
        } else if (observation instanceof Observation.Kept kept) {
            if (!kept.durable()) {
                return violation(kept.atNanos(), kept.replica(), "takes for durable what its disk has not synced");
            }
            kept.records().forEach(record -> put(shelf(kept.replica()), record, kept.replica()));
        } else if (observation instanceof Observation.StateKept kept) {
            shelf(kept.replica()).states.add(kept.sequenceNumber());
        } else if (observation instanceof Observation.Said said && !amnesic.contains(said.replica())) {
            return missing(shelf(said.replica()), said.message())
                    .flatMap(what -> violation(
                            said.atNanos(), said.replica(), "said " + said.message() + " before it had kept " + what));
        }
        return Optional.empty();
    }

    private Shelf shelf(ReplicaId replica) {
        return shelves.computeIfAbsent(replica, id -> new Shelf());
    }

    private static void put(Shelf shelf, Verified<? extends Message> record, ReplicaId owner) {
        Message message = record.message();
        if (message instanceof PrePrepare m) {
            shelf.proposals.add(new Proposal(m.view(), m.sequenceNumber(), m.digest()));
            m.batch().ifPresent(batch -> batches(shelf, m.sequenceNumber()).add(batch.digest()));
        } else if (message instanceof BatchBody m) {
            batches(shelf, m.sequenceNumber()).add(m.batch().digest());
        } else if (message instanceof Prepare m) {
            shelf.prepares
                    .computeIfAbsent(
                            new Proposal(m.view(), m.sequenceNumber(), m.digest()), proposal -> new TreeSet<>())
                    .add(m.replica());
        } else if (message instanceof NewView m) {
            shelf.newViews.add(m.view());
        } else if (message instanceof ViewChange m) {
            shelf.viewChanges.add(m.view());
        } else if (message instanceof Checkpoint m) {
            shelf.checkpoints.add(m.sequenceNumber());
        } else if (message.type().proof() == Proof.UI
                && ((ReplicaMessage) message).replica().equals(owner)) {
            shelf.counters.add(record.ui().place());
        }
    }

    private static Set<Digest> batches(Shelf shelf, SequenceNumber at) {
        return shelf.batches.computeIfAbsent(at, s -> new HashSet<>());
    }

    /** What should be on disk before this leaves, and is not; empty if nothing. */
    private Optional<String> missing(Shelf shelf, Verified<? extends Message> said) {
        Message message = said.message();
        if (message instanceof PrePrepare m) {
            return proposal(shelf, new Proposal(m.view(), m.sequenceNumber(), m.digest()));
        } else if (message instanceof Prepare m) {
            return proposal(shelf, new Proposal(m.view(), m.sequenceNumber(), m.digest()));
        } else if (message instanceof Commit m) {
            Proposal proposal = new Proposal(m.view(), m.sequenceNumber(), m.digest());
            int prepares = shelf.prepares.getOrDefault(proposal, Set.of()).size();
            return proposal(shelf, proposal)
                    .or(() -> unless(prepares >= preparesNeeded, "more than " + prepares + " PREPAREs"));
        } else if (message instanceof ViewChange m) {
            return unless(shelf.viewChanges.contains(m.view()), "it");
        } else if (message instanceof NewView m) {
            return unless(shelf.newViews.contains(m.view()), "it");
        } else if (message instanceof Checkpoint m) {
            return unless(shelf.states.contains(m.sequenceNumber()), "the state")
                    .or(() -> unless(shelf.checkpoints.contains(m.sequenceNumber()), "it"));
        } else if (message.type().proof() == Proof.UI) {
            long counter = said.ui().place();
            shelf.lastSaid = Math.max(shelf.lastSaid, counter);
            return unless(counter <= shelf.lastForgotten || shelf.counters.contains(counter), "it");
        }
        return Optional.empty();
    }

    private Optional<String> proposal(Shelf shelf, Proposal proposal) {
        boolean batch = proposal.digest.equals(nullBatch)
                || shelf.batches.getOrDefault(proposal.at, Set.of()).contains(proposal.digest);
        return unless(shelf.proposals.contains(proposal), "the proposal")
                .or(() -> unless(batch, "the batch"))
                .or(() -> unless(
                        proposal.view.equals(View.ZERO) || shelf.newViews.contains(proposal.view), "the NEW-VIEW"));
    }

    private static Optional<String> unless(boolean there, String what) {
        return there ? Optional.empty() : Optional.of(what);
    }

    private static Optional<Violation> violation(long atNanos, ReplicaId replica, String what) {
        return Optional.of(new Violation(
                "durable-first",
                "At " + Words.at(atNanos) + " " + replica + " " + what
                        + ". If the power failed now, it could contradict itself when it is back."));
    }
}
