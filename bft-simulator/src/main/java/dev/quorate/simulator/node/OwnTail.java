package dev.quorate.simulator.node;

import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Event;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.UniqueIdentifier;
import java.util.List;

/**
 * Brings a replica's store and its USIG together again when it starts. A durable counter may be ahead of the store: then
 * what it certified comes back from the drafts, and is kept before anything else happens. One that is the tail of the log
 * goes back to it.
 */
final class OwnTail {
    private OwnTail() {}

    static Event.Recovered recover(ReplicaMemory memory, MessageValidator validator, World world, ReplicaId self)
            throws StoreException {
        if (world.members().config().protocol() != Protocol.MINBFT) {
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
