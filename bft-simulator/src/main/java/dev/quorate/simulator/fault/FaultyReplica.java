package dev.quorate.simulator.fault;

import dev.quorate.core.ReplicaId;
import dev.quorate.simulator.byzantine.ByzantineKind;
import java.util.List;

/**
 * A replica that counts among the {@code f} of a run.
 *
 * @param kinds how it lies, where its nature is to lie; in the order in which messages pass through them
 */
public record FaultyReplica(ReplicaId id, Nature nature, List<ByzantineKind> kinds) {
    /** What makes it faulty. */
    public enum Nature {
        /** It lies. */
        BYZANTINE,
        /** Two copies of it run. */
        TWINS,
        /** It may crash, and does not remember what it said when it comes back. */
        AMNESIC,
        /** The same; and in MinBFT the counter of its USIG is lost whenever it stops, so that it has to rejoin. */
        VOLATILE;

        /** Whether it does nothing wrong on purpose, and forgets. */
        public boolean forgets() {
            return this == AMNESIC || this == VOLATILE;
        }
    }

    public FaultyReplica {
        kinds = List.copyOf(kinds);
    }

    @Override
    public String toString() {
        return id + " " + nature + (kinds.isEmpty() ? "" : " " + kinds);
    }
}
