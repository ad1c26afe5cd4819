package dev.quorate.core.smr;

import dev.quorate.core.ClientId;
import dev.quorate.core.Operation;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UsigIdentity;
import java.time.Duration;
import java.util.List;

/** What a replica wants to happen. */
public sealed interface Effect {
    /** What the service does, one after the other: a driver hands these over, in their order, to whoever runs it. */
    sealed interface ForService extends Effect {}

    /** Send to one other replica. May get lost, like anything sent. */
    record Send(ReplicaId to, Verified<? extends Message> message) implements Effect {}

    /** Send to all other replicas. (The replica has handled its own copy already.) */
    record Broadcast(Verified<? extends Message> message) implements Effect {}

    /** Send to a client, wherever it is connected; dropped if it is not. */
    record SendToClient(ClientId to, long session, Verified<? extends ReplicaMessage> reply) implements Effect {}

    /**
     * Store a record; nothing that follows may happen before it is durable.
     *
     * @param sequenceNumber see {@link Discard}
     * @param record the frame of a message
     */
    record Persist(SequenceNumber sequenceNumber, Bytes record) implements Effect {}

    /** Say so with {@link Event.Kept} once all records before this are durable. */
    record ReportKept(long ticket) implements Effect {}

    /** Records and states below a stable checkpoint are not needed any more; but the newest state stays. */
    record Discard(SequenceNumber stable) implements Effect {}

    /** The replica has voted again after it had forgotten what it said: durable before anything that follows leaves. */
    record EndRejoin() implements Effect {}

    /** Begin an epoch of this replica's USIG, {@code epoch} or a higher one, and say so with {@link Event.UsigRenewed}. */
    record RenewUsig(long epoch) implements Effect {}

    /** From now on, and after a restart, believe this USIG of another replica, too. */
    record AcceptUsig(ReplicaId replica, UsigIdentity identity) implements Effect {}

    /**
     * Validate a message of this replica again, now that the USIGs are known of all {@link AcceptUsig} before, and say what
     * comes of it with {@link Event.ValidatedAgain}.
     */
    record ValidateAgain(Verified<? extends Message> message) implements Effect {}

    /** Let the service execute these operations, after everything that was given to it before. */
    record Execute(SequenceNumber sequenceNumber, List<Operation> operations) implements ForService {
        public Execute {
            operations = List.copyOf(operations);
        }
    }

    /** Let the service read, after everything that was given to it before. */
    record Read(RequestId read, Bytes operation) implements ForService {}

    /** Let the service predict what these operations, which the primary is about to propose, need from outside. */
    record Predict(SequenceNumber sequenceNumber, View view, List<Operation> operations) implements ForService {
        public Predict {
            operations = List.copyOf(operations);
        }
    }

    /** Let the service say whether it accepts what was predicted for a proposed batch. */
    record Judge(SequenceNumber sequenceNumber, Digest batch, List<Operation> operations, Bytes prediction)
            implements ForService {
        public Judge {
            operations = List.copyOf(operations);
        }
    }

    /**
     * Let the service write its state, after everything that was given to it before, and keep that in the store.
     *
     * @param bookkeeping what the replica itself adds to it
     */
    record TakeSnapshot(SequenceNumber sequenceNumber, Bytes bookkeeping) implements ForService {}

    /**
     * Let the service replace its state, after everything that was given to it before, and keep it in the store: results
     * and snapshots of the old state are reported before {@link Event.StateInstalled}.
     */
    record InstallState(SequenceNumber sequenceNumber, StateImage image) implements ForService {}

    /** Start a timer, or start it anew. */
    record StartTimer(TimerId timer, Duration delay) implements Effect {}

    record StopTimer(TimerId timer) implements Effect {}

    /** Tell whoever observes the replica. */
    record Report(Notice notice) implements Effect {}

    /** An invariant of the replica's own state is broken: stop at once. A stopped replica is safe, a wrong one is not. */
    record Halt(String reason) implements Effect {}
}
