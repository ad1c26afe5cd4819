package dev.quorate.simulator.network;

import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.crypto.Bytes;

/** A frame on its way from one sender to one or several receivers. */
public final class Packet {
    private final Peer from;
    private final Bytes frame;
    private Validation byReplicas;
    private Object knowing;

    public Packet(Peer from, Bytes frame) {
        this.from = from;
        this.frame = frame;
    }

    public Peer from() {
        return from;
    }

    public Bytes frame() {
        return frame;
    }

    /**
     * What a replica's validator makes of the frame. Validators are stateless, all replicas of a cluster that know the same
     * USIGs have equal ones, and they see the same bytes from the same sender: so one of them looks for all of these.
     *
     * @param known which USIGs the replica knows
     */
    public Validation validatedByReplica(MessageValidator validator, Object known) {
        if (byReplicas == null || !known.equals(knowing)) {
            byReplicas = validator.validate(frame, from);
            knowing = known;
        }
        return byReplicas;
    }
}
