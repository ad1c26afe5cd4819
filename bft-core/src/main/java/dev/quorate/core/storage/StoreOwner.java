package dev.quorate.core.storage;

import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Bytes;

/**
 * Whose store it is.
 *
 * @param cluster the cluster's id, of {@value #CLUSTER_ID_BYTES} bytes
 */
public record StoreOwner(Bytes cluster, ReplicaId replica) {
    public static final int CLUSTER_ID_BYTES = 16;

    public StoreOwner {
        if (cluster.length() != CLUSTER_ID_BYTES) {
            throw new IllegalArgumentException(
                    "a cluster id has " + CLUSTER_ID_BYTES + " bytes, not " + cluster.length());
        }
    }

    @Override
    public String toString() {
        return replica + " of cluster " + cluster.toHex();
    }
}
