package dev.quorate.core;

import java.time.Duration;
import java.util.Set;

/**
 * Is told what happens at one replica: for logs, metrics, alarms and administrators. Implement what is of interest; the
 * rest does nothing.
 *
 * <p>All calls come from one thread that does nothing else, one after the other, in the order in which things happened,
 * and soon afterwards. So a listener may take its time, block, and call anything, {@link Replica#close()} included, but
 * not change anything that the replicated service depends on: other replicas are told other things, at other times.
 *
 * <p>Nothing that a listener does harms its replica. Up to {@value #QUEUE} calls wait; if more would, they are left out
 * and {@link #missed} says how many. What a call throws is logged at a bounded rate, and the next call comes all the
 * same.
 */
public interface ReplicaListener {
    /** How many calls wait for a listener that is slow. */
    int QUEUE = 10_000;

    /**
     * Which request it is, whatever it asks for.
     *
     * @param session increases with each session that the client begins
     * @param number counts the requests of a session from 1
     */
    record RequestKey(ClientId client, long session, long number) {}

    // --- requests

    /**
     * A valid request has arrived, from its client or passed on by another replica. A client that waits for its result
     * sends it again, to all replicas, so each replica may hear of it any number of times, also after its execution.
     */
    default void requestReceived(RequestKey request) {}

    /** A request has its place in the order, and is with the service now. */
    default void requestOrdered(RequestKey request, SequenceNumber sequenceNumber) {}

    /** A request has been executed, and its result sent to its client. */
    default void requestExecuted(RequestKey request, SequenceNumber sequenceNumber) {}

    /**
     * A valid request that has arrived is not kept here. It may be executed all the same: if other replicas keep it, or
     * if its client sends it again. Requests that are not valid are only counted.
     *
     * @param reason such as {@link RejectionReason#QUOTA_EXCEEDED}: its client has too much under way
     */
    default void requestDropped(RequestKey request, RejectionReason reason) {}

    /**
     * A request stood in an ordered batch, but was not its session's next: all replicas pass it over. That happens if it
     * has been executed before, or after a change of the view; what has not been executed yet still will be.
     */
    default void requestPassedOver(RequestKey request, SequenceNumber sequenceNumber) {}

    // --- views

    /** The replica has left its view, and orders nothing until it is in another one: {@code target}, or a later one. */
    default void viewChangeStarted(View target) {}

    /** The replica takes part in {@code view}. Not called for view 0, in which every replica begins. */
    default void viewChanged(View view, ReplicaId primary) {}

    /** Another replica is the primary now. Called right after {@link #viewChanged}. */
    default void primaryChanged(ReplicaId before, ReplicaId primary) {}

    /**
     * This replica finds fault with a peer: with the primary, so that it asks for the next view, or with any that has
     * signed two things that contradict each other.
     *
     * @param reason for people
     */
    default void peerSuspected(ReplicaId peer, String reason) {}

    // --- states

    /**
     * A quorum vouches for the state at {@code sequenceNumber}; what led to it has been discarded. This replica itself
     * may not be there yet.
     */
    default void checkpointStable(SequenceNumber sequenceNumber) {}

    /**
     * The replica has used up its window, and no checkpoint becomes stable: it executes nothing more until one does.
     * Called again every few seconds for as long as it is so. Where more replicas differ than the cluster tolerates, or
     * have failed, people have to look after them.
     *
     * @param sequenceNumber of the checkpoint that should be stable
     * @param agreeing who vouches there for the state that this replica has, itself included
     * @param differing who vouches for another one; of all others nothing has come
     */
    default void checkpointsStall(SequenceNumber sequenceNumber, Set<ReplicaId> agreeing, Set<ReplicaId> differing) {}

    /** The replica cannot follow step by step any more, and fetches the state at a stable checkpoint from others. */
    default void stateTransferStarted(SequenceNumber target) {}

    /**
     * The replica has a state that it fetched, or has got there without it.
     *
     * @param target which may be later than the one at the start
     * @param bytes of states that arrived, whether of use or not
     * @param duration since {@link #stateTransferStarted}
     */
    default void stateTransferFinished(SequenceNumber target, long bytes, Duration duration) {}

    /**
     * This replica's state differs from the one that a quorum vouches for: its service is not deterministic, or its
     * machine is faulty. It stops voting, and repairs itself by state transfer.
     */
    default void diverged(SequenceNumber sequenceNumber) {}

    // --- the listener itself

    /** So many calls were left out here, since this listener was too slow. */
    default void missed(long calls) {}

    /** The replica has stopped: it was closed, or it stopped by itself, and the log says why. The last call. */
    default void stopped() {}
}
