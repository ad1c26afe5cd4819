package dev.quorate.core.minbft;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.quorum.QuorumSystem;
import dev.quorate.core.smr.SessionTable;
import dev.quorate.usig.UniqueIdentifier;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a replica on whose correctness others rely, one method for each; docs/minbft.md tells why they are needed.
 * A simulation or a test overrides one of them by a broken one, to see that somebody notices; nothing else has a reason
 * to. Called by the replica's own thread only.
 */
public class MinParts {
    public QuorumSystem quorums(ClusterConfig config) {
        return QuorumSystem.of(config.protocol(), config.n());
    }

    public SessionTable sessions(Limits limits) {
        return new SessionTable(limits);
    }

    // --- streams

    /** Whether the message with that counter may be handled, where {@code next} is the first that has not been. */
    public boolean hasItsTurn(long counter, long next) {
        return counter == next;
    }

    /** What is more than a window above this is not handled: it may rest on a REJOIN that was not executed here. */
    public SequenceNumber handledFrom(SequenceNumber executed, SequenceNumber stable) {
        return executed.isAfter(stable) ? stable : executed;
    }

    /** Whether one more message may be handled of a stream of which {@code handled} are kept. */
    public boolean mayKeepOneMore(int handled, long bound) {
        return handled < bound;
    }

    /** Whether what a replica says of {@code view} counts, after its VIEW-CHANGE for {@code left}. */
    public boolean countsAfter(View left, View view) {
        return left.compareTo(view) <= 0;
    }

    /**
     * Whether what a replica said with an earlier USIG is void.
     *
     * @param forgotten whether it has rejoined since, and is far enough below to say something else there
     */
    public boolean isVoid(boolean forgotten) {
        return forgotten;
    }

    /** Whether the VIEW-CHANGE that began with {@code ui}'s epoch binds one who says something in {@code epoch}. */
    public boolean binds(long viewChangesEpoch, long epoch) {
        return viewChangesEpoch == epoch;
    }

    /** Whether a replica that votes again for a view and position stays with its first vote. */
    public boolean firstVoteStands() {
        return true;
    }

    // --- a primary's order

    /**
     * Whether a PREPARE is in its primary's order.
     *
     * @param continuesOrder whether it is at the position that follows the one before
     */
    public boolean isInOrder(MinPrepare prepare, boolean continuesOrder) {
        return continuesOrder;
    }

    /**
     * Whether a PREPARE may stand at its position.
     *
     * @param demanded whether the outcome of the NEW-VIEW that it names has it, or leaves its position open
     */
    public boolean mayStand(MinPrepare prepare, boolean demanded) {
        return demanded;
    }

    /** Whether one that is out of order ends the view for whoever handles it. */
    public boolean endsView(MinPrepare outOfOrder) {
        return true;
    }

    /**
     * Whether a PREPARE, or a NEW-VIEW, belongs to the view that its primary began.
     *
     * @param begunBy the counter of the first NEW-VIEW
     * @param named that of the one that the PREPARE names, or of another NEW-VIEW
     */
    public boolean isBegunBy(long begunBy, long named) {
        return begunBy == named;
    }

    /**
     * Whether it need not be known any more where the primary of {@code view} was.
     *
     * @param left the highest view that it has asked for
     */
    public boolean mayForgetOrder(View view, View left) {
        return left.compareTo(view) > 0;
    }

    // --- new views

    /**
     * Whether a PREPARE that a named replica made or voted for is a candidate.
     *
     * @param view that of the NEW-VIEW
     * @param stable the examiner's stable checkpoint
     */
    public boolean isCandidate(MinPrepare prepare, View view, SequenceNumber stable) {
        return prepare.view().compareTo(view) < 0 && prepare.sequenceNumber().isAfter(stable);
    }

    /** Whether one candidate for a position goes before the other; {@code counter} is the PREPARE's own. */
    public boolean goesBefore(MinPrepare one, long counter, MinPrepare other, long otherCounter) {
        int byView = one.view().compareTo(other.view());
        return byView > 0 || (byView == 0 && counter <= otherCounter);
    }

    /**
     * Whether a NEW-VIEW may name a message.
     *
     * @param isForTheView whether that is a VIEW-CHANGE for the view that it begins
     */
    public boolean mayBeNamed(boolean isForTheView) {
        return isForTheView;
    }

    /**
     * Whether a new primary may name a VIEW-CHANGE.
     *
     * @param canPropose whether it holds the batch of every candidate that this adds, and none is of the future
     */
    public boolean mayName(boolean canPropose) {
        return canPropose;
    }

    // --- checkpoints

    /** Whether two replicas vouch for the same state. */
    public boolean agree(Checkpoint one, Checkpoint other) {
        return one.root().equals(other.root());
    }

    /**
     * Whether a CHECKPOINT counts that has a stream begin at {@code named}.
     *
     * @param least where this replica itself had it begin a window before
     */
    public boolean keepsNotTooMuch(long named, long least) {
        return named >= least;
    }

    /** Of the certificates from which the starts of all streams follow, those that somebody is shown who asks for more. */
    public List<StableCertificate> shown(List<StableCertificate> proofs) {
        return proofs;
    }

    /** Whether a vote still matters to one who has the state at {@code stable}. */
    public boolean concerns(SequenceNumber vote, SequenceNumber stable) {
        return vote.isAfter(stable);
    }

    /**
     * Whether a replica may say where the streams matter after a checkpoint.
     *
     * @param forgotten the checkpoint because of which it has forgotten part of them
     */
    public boolean mayVouch(SequenceNumber forgotten, SequenceNumber checkpoint) {
        return !forgotten.isAfter(checkpoint);
    }

    /** Which of two VIEW-CHANGEs of one replica has to be known to one who begins to follow its stream behind both. */
    public StreamPosition.Left toBeKnown(StreamPosition.Left one, StreamPosition.Left other) {
        return one.view().compareTo(other.view()) >= 0 ? one : other;
    }

    /**
     * Whether a certificate says from where on the streams matter, to one who has not looked at it again with the state.
     *
     * @param proven whether all VIEW-CHANGEs that it names are proven here
     */
    public boolean isJudged(boolean proven) {
        return proven;
    }

    /** Whether a VIEW-CHANGE that a certificate names binds its replica. */
    public boolean isBelieved(boolean proven) {
        return proven;
    }

    /**
     * Where a stream begins under a certificate: at or before what one correct signer says; and the VIEW-CHANGE before it
     * that has to be known.
     *
     * @param weak {@code f+1}
     */
    public StreamPosition start(ReplicaId of, List<Checkpoint> signers, int weak) {
        List<StreamPosition> named = signers.stream()
                .map(checkpoint -> checkpoint.streams().get(of.value()))
                .toList();
        if (named.size() < weak) {
            return StreamPosition.FIRST;
        }
        long counter = named.stream()
                .map(StreamPosition::counter)
                .sorted(Comparator.reverseOrder())
                .toList()
                .get(weak - 1);
        // Each is proven by its UI, else it is not among these, so the highest that lies before the start may be
        // believed, whoever names it.
        Optional<StreamPosition.Left> left = named.stream()
                .flatMap(position -> position.left().stream())
                .filter(before -> before.ui().place() < counter
                        && UniqueIdentifier.epochOf(counter) == before.ui().epoch())
                .reduce(this::toBeKnown);
        return new StreamPosition(counter, left);
    }

    /**
     * What is forgotten: everything before these.
     *
     * @param stable what follows from the stable checkpoint
     * @param latest what this replica said at its own latest checkpoint
     */
    public List<StreamPosition> starts(List<StreamPosition> stable, List<StreamPosition> latest) {
        return stable;
    }
}
