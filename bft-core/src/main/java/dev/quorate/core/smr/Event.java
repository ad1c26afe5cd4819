package dev.quorate.core.smr;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Result;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UsigIdentity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What happens to a replica. */
public sealed interface Event {
    /**
     * Before {@link Started}, if this replica has a store: what it remembers of its earlier lives.
     *
     * @param states the states that are left and not damaged, by sequence number: it goes on from the newest, but others may
     *     need an older one, as that of the last stable checkpoint
     * @param records what {@link Effect.Persist} kept and {@link Effect.Discard} did not discard, in the same order
     * @param amnesic whether something that it said may be missing: then it has to rejoin
     * @param first whether it never ran before, so that there is nothing to remember
     */
    record Recovered(
            NavigableMap<SequenceNumber, StateImage> states,
            List<Verified<? extends Message>> records,
            boolean amnesic,
            boolean first)
            implements Event {
        public Recovered {
            states = Collections.unmodifiableNavigableMap(new TreeMap<>(states));
            records = List.copyOf(records);
        }

        /** The sequence number of the newest state; 0 if there is none. */
        public SequenceNumber at() {
            return states.isEmpty() ? SequenceNumber.ZERO : states.lastKey();
        }

        /** The newest state, if there is one. */
        public Optional<StateImage> state() {
            return Optional.ofNullable(states.lastEntry()).map(Map.Entry::getValue);
        }
    }

    /**
     * The first event, once.
     *
     * @param secret at least 16 random bytes that nobody else knows: what this replica's proposed seeds derive from
     */
    record Started(Bytes secret) implements Event {}

    /** This replica's USIG has begun a new epoch, as {@link Effect.RenewUsig} asked for. */
    record UsigRenewed(UsigIdentity identity) implements Event {}

    /** The records are durable that {@link Effect.ReportKept} asked for. */
    record Kept(long ticket) implements Event {}

    /** A message arrived and was found valid. */
    record Received(Verified<? extends Message> message) implements Event {}

    /** What {@link Effect.ValidateAgain} asked for: valid it is in any case, but perhaps less of it is unproven. */
    record ValidatedAgain(Verified<? extends Message> message) implements Event {}

    /** A timer ran out that was started and not stopped since. */
    record TimerFired(TimerId timer) implements Event {}

    /**
     * The machine's clock, in milliseconds since 1970. A driver says so before the first of the events that it has
     * gathered: a replica that slept for long would otherwise judge what the others propose by the time at which it fell
     * asleep.
     */
    record ClockRead(long wallClockMillis) implements Event {}

    /**
     * Everything that had happened so far has been handled. A driver says so whenever its queue is empty: what waited
     * is then proposed as one batch, so that load forms the batches.
     *
     * @param wallClockMillis the machine's clock, in milliseconds since 1970
     */
    record Drained(long wallClockMillis) implements Event {}

    /** A channel to a peer stands again: what was sent before may be lost. */
    record PeerConnected(ReplicaId peer) implements Event {}

    /** The channel to a peer broke, or does not come to stand. */
    record PeerDisconnected(ReplicaId peer) implements Event {}

    /** The service executed what {@link Effect.Execute} asked for; one result for each operation. */
    record Executed(SequenceNumber sequenceNumber, List<Result> results) implements Event {
        public Executed {
            results = List.copyOf(results);
        }
    }

    /**
     * The service read what {@link Effect.Read} asked for.
     *
     * @param stamp see {@link dev.quorate.core.message.ReadReply}
     */
    record ReadDone(RequestId read, SequenceNumber stamp, Result result) implements Event {}

    /** What the service predicted for {@link Effect.Predict}. */
    record Predicted(SequenceNumber sequenceNumber, View view, Bytes prediction) implements Event {}

    /** Whether the service accepts what {@link Effect.Judge} showed it. */
    record Judged(SequenceNumber sequenceNumber, Digest batch, boolean accepted) implements Event {}

    /** The state as of {@code sequenceNumber}, which {@link Effect.TakeSnapshot} asked for: written, and kept in the store. */
    record SnapshotTaken(SequenceNumber sequenceNumber, StateImage image) implements Event {}

    /** The service has the state that {@link Effect.InstallState} gave it, and so has the store. */
    record StateInstalled(SequenceNumber sequenceNumber) implements Event {}
}
