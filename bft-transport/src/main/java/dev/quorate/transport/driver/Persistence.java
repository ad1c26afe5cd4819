package dev.quorate.transport.driver;

import dev.quorate.core.smr.Effect;
import java.util.List;

/** Where the records go that have to be durable before anything that follows them leaves the replica. */
@FunctionalInterface
interface Persistence {
    /** Keeps nothing: the mode {@code memory}. A replica that restarts has forgotten what it said. */
    Persistence NONE = records -> {};

    /** Returns when all of the records, in this order, are as durable as the mode promises. One sync for all of them. */
    void persist(List<Effect.Persist> records);
}
