package dev.quorate.core.wire;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;

/** Who is at the other end of an authenticated channel. */
public sealed interface Peer {
    /** A replica of the cluster, which proved that it has the replica's key. */
    record OfReplica(ReplicaId id) implements Peer {
        @Override
        public String toString() {
            return id.toString();
        }
    }

    /** A client of the cluster, which proved that it has the client's key. */
    record OfClient(ClientId id) implements Peer {
        @Override
        public String toString() {
            return id.toString();
        }
    }
}
