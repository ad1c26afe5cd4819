package dev.quorate.sample.kv;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.Limit;

/**
 * What the store accepts. The same at every replica, as it has to be: a limit that differed from machine to machine
 * would make replicas answer differently.
 */
public final class KvLimits {
    public static final int MAX_KEY_BYTES = 1 << 10;
    public static final int MAX_VALUE_BYTES = 256 << 10;
    /** No result exceeds this: a scan stops before, and says that there is more. */
    public static final int MAX_RESULT_BYTES = 512 << 10;
    /** Entries that one scan returns at most. */
    public static final int MAX_SCAN_ENTRIES = 10_000;
    /** What a store holds if nobody says otherwise: keys, values, and {@link #ENTRY_OVERHEAD_BYTES} for each entry. */
    public static final long DEFAULT_STORE_BYTES = 256L << 20;
    /** Roughly what an entry costs in memory beside its key and its value. */
    public static final int ENTRY_OVERHEAD_BYTES = 128;

    /** The largest operation, a compare-and-set, has a key and two values; 64 bytes are for codes and lengths. */
    private static final int MAX_OPERATION_BYTES = MAX_KEY_BYTES + 2 * MAX_VALUE_BYTES + 64;

    private KvLimits() {}

    /** Throws {@link ConfigException} if the cluster would not let the store's largest operations or results pass. */
    public static void requireRoom(ClusterConfig cluster) {
        require(cluster, Limit.MAX_OPERATION_BYTES, MAX_OPERATION_BYTES);
        require(cluster, Limit.MAX_RESULT_BYTES, MAX_RESULT_BYTES);
    }

    private static void require(ClusterConfig cluster, Limit limit, int bytes) {
        if (cluster.limits().get(limit) < bytes) {
            throw new ConfigException("the key-value store needs " + limit.configName() + " to be at least " + bytes
                    + " bytes; the cluster configuration says "
                    + cluster.limits().get(limit));
        }
    }
}
