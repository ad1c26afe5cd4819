package dev.quorate.core.smr;

import java.util.List;

/**
 * A replica of one protocol, as a deterministic state machine: no threads, sockets, files, clocks or randomness. Not
 * thread-safe: one caller at a time.
 *
 * <p>The effects of one event have to be applied in their order. Whatever follows an {@link Effect.Persist} has to wait
 * until that is as durable as the storage promises; the driver may handle further events meanwhile, and share one sync
 * among all that waits.
 */
public interface ReplicaProtocol {
    /** Handles one event, and returns what has to happen in consequence. */
    List<Effect> handle(Event event);

    /** Where the replica stands now: for people and tests. */
    ProtocolStatus status();
}
