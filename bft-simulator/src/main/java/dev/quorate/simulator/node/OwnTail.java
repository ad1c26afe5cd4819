package dev.quorate.simulator.node;

import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType.Proof;
import dev.quorate.core.message.ReplicaMessage;
import dev.quorate.core.message.Stable;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
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
        Event.Recovered stored = memory.recover(validator);
        if (world.members().config().protocol() != Protocol.MINBFT || stored.amnesic()) {
            return stored;
        }
        long tail = 0;
        long stable = stored.at().value();
        for (Verified<? extends Message> record : stored.records()) {
            if (record.message() instanceof Stable proof) {
                stable = Math.max(stable, proof.certificate().sequenceNumber().value());
            } else if (isOwn(record.message(), self)) {
                tail = Math.max(tail, record.ui().place());
            }
        }
        // As long as the replica itself would keep it.
        SequenceNumber neededUpTo = new SequenceNumber(
                stable + 2L * world.members().config().limits().get(Limit.WINDOW));
        List<Effect.Persist> kept = new ArrayList<>();
        List<Verified<? extends Message>> records = new ArrayList<>(stored.records());
        for (Bytes frame : world.usigs().restarted(self, tail)) {
            if (validator.validate(frame, new Peer.OfReplica(self)) instanceof Validation.Accepted own) {
                records.add(own.message());
                kept.add(new Effect.Persist(neededUpTo, frame));
            }
        }
        if (!kept.isEmpty()) {
            world.coverage().count("USIG: was ahead of the store");
            memory.persist(kept);
        }
        return new Event.Recovered(stored.at(), stored.state(), records, false);
    }

    private static boolean isOwn(Message message, ReplicaId self) {
        return message.type().proof() == Proof.UI
                && ((ReplicaMessage) message).replica().equals(self);
    }
}
