package dev.quorate.core.runtime;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;

/**
 * Is told everything that goes into a replica's state machine, and what becomes of everything that comes out: for
 * recorders, tests, and whoever looks for a fault. An application wants a {@link dev.quorate.core.ReplicaListener}
 * instead.
 *
 * <p>All calls for one replica come from one thread, the one that drives it, and in the order in which things happen:
 * whoever takes long slows the replica down. What a call throws is logged once and has no other consequence. One observer
 * may serve several replicas of a process; then calls for different replicas come at the same time.
 */
public interface ReplicaObserver {
    /** Wants to know nothing. */
    ReplicaObserver NONE = new ReplicaObserver() {};

    /** The replica's protocol has just handled {@code event}. */
    default void handled(ReplicaId self, Event event) {}

    /**
     * {@code effect} is about to be carried out. After an {@link Effect.Halt} nothing is carried out any more: of the
     * effects beside it only {@link Effect.Report}s are told, and the halt itself.
     */
    default void applied(ReplicaId self, Effect effect) {}

    /** The replica has stopped, for whatever reason. The last call for this run of it. */
    default void stopped(ReplicaId self) {}
}
