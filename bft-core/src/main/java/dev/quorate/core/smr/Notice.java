package dev.quorate.core.smr;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Signed;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Digest;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Something that an observer may want to know: a log, a metric, a listener, a test. */
public sealed interface Notice {
    /** A valid message that does not fit the replica's state. */
    record Rejected(RejectionReason reason, Verified<? extends Message> message) implements Notice {}

    /** A replica said two things that contradict each other: it is faulty. Two signed messages prove it to anybody. */
    record Equivocation(ReplicaId replica, Signed<? extends Message> first, Signed<? extends Message> second)
            implements Notice {}

    /** This replica finds fault with the primary, and asks for the next view. */
    record PrimarySuspected(View view, ReplicaId primary, String reason) implements Notice {}

    /** This replica has left its view, and waits for the NEW-VIEW of {@code target}. */
    record ViewLeft(View target) implements Notice {}

    /** This replica takes part in {@code view}. */
    record ViewEntered(View view, ReplicaId primary) implements Notice {}

    /** A batch has its place in the order. */
    record Committed(View view, SequenceNumber sequenceNumber, Digest digest) implements Notice {}

    /** A batch's turn has come: the service is given these requests of it, in this order. */
    record BatchScheduled(SequenceNumber sequenceNumber, List<RequestId> requests) implements Notice {
        public BatchScheduled {
            requests = List.copyOf(requests);
        }
    }

    /** A request has been executed. */
    record RequestExecuted(RequestId request, SequenceNumber sequenceNumber) implements Notice {}

    /** A request stood in a batch, but was not its session's next: everybody passes it over. */
    record RequestSkipped(RequestId request, SequenceNumber sequenceNumber) implements Notice {}

    /** A checkpoint became stable, and everything up to it was discarded. */
    record CheckpointStable(SequenceNumber sequenceNumber, Digest root) implements Notice {}

    /**
     * This replica has used up its window, and for a while no checkpoint has become stable: it orders nothing more until
     * one does. Said again and again for as long as it is so.
     *
     * @param sequenceNumber of the checkpoint that should be stable
     * @param agreeing who vouches there for the state that this replica has, itself included
     * @param differing who vouches for another one; of all others nothing has come
     */
    record CheckpointsStall(SequenceNumber sequenceNumber, Set<ReplicaId> agreeing, Set<ReplicaId> differing)
            implements Notice {
        public CheckpointsStall {
            agreeing = Collections.unmodifiableSet(new TreeSet<>(agreeing));
            differing = Collections.unmodifiableSet(new TreeSet<>(differing));
        }
    }

    /** This replica's state differs from the one that a quorum vouches for. */
    record Diverged(SequenceNumber sequenceNumber, Digest own, Digest stable) implements Notice {}

    /** A replica that has forgotten what it said rejoins: its REJOIN was executed. */
    record RejoinExecuted(ReplicaId replica, SequenceNumber sequenceNumber) implements Notice {}

    /** This replica had forgotten what it said, and takes part again. */
    record Rejoined(SequenceNumber stable) implements Notice {}

    /** So many replicas have forgotten what they said that the others are no quorum: nothing goes on without people. */
    record TooManyRejoin(Set<ReplicaId> replicas) implements Notice {
        public TooManyRejoin {
            replicas = Collections.unmodifiableSet(new TreeSet<>(replicas));
        }
    }

    /** The state at a stable checkpoint is being fetched from the others. */
    record StateTransferStarted(SequenceNumber stable) implements Notice {}

    /** The state at a stable checkpoint, as fetched, is this replica's own now. */
    record StateTransferFinished(SequenceNumber stable) implements Notice {}

    /** The others have discarded what this replica would need next: it cannot follow by retransmission. */
    record FellBehind(SequenceNumber executed, SequenceNumber stable) implements Notice {}
}
