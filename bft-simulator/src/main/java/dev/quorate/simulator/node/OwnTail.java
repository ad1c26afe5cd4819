package dev.quorate.simulator.node;

import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Event;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.UsigIdentity;
import java.util.List;

/**
 * Brings a replica's store and its USIG together again when it starts. A durable counter may be ahead of the store: then
 * what it certified comes back from the drafts, and is kept before anything else happens. One that is the tail of the log
 * goes back to it. Without a volatile one what the store has is of no use.
 */
final class OwnTail {
    private OwnTail() {}

    /**
     * Opens the USIG, before {@code memory} begins. Returns whether its counter is gone: then {@code memory} has been told
     * to forget.
     */
    static boolean isCounterLost(ReplicaMemory memory, boolean bootstrap, World world, ReplicaId self) {
        if (world.members().config().protocol() != Protocol.MINBFT) {
            return false;
        }
        long opened = world.usigs().open(self).epoch();
        List<UsigIdentity> accepted = memory.acceptedUsigs().getOrDefault(self, List.of());
        long expected =
                accepted.isEmpty() ? 0 : accepted.get(accepted.size() - 1).epoch();
        boolean lost = opened > expected && !memory.isAmnesic(bootstrap);
        if (lost) {
            world.note("USIG: a volatile counter is lost", self, "has lost the counter of its USIG");
            memory.forget();
        }
        return lost;
    }

    static Event.Recovered recover(
            ReplicaMemory memory, boolean bootstrap, MessageValidator validator, World world, ReplicaId self)
            throws StoreException {
        if (world.members().config().protocol() != Protocol.MINBFT || memory.isAmnesic(bootstrap)) {
            return memory.recover(validator, List.of());
        }
        long tail = memory.knownCounter()
                .map(known -> UniqueIdentifier.firstPlace(known.epoch()) + known.counter() - 1)
                .orElse(0L);
        List<Bytes> ahead = world.usigs().restarted(self, tail);
        if (!ahead.isEmpty()) {
            world.coverage().count("USIG: was ahead of the store");
        }
        return memory.recover(validator, ahead);
    }
}
