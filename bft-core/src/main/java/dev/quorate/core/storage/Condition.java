package dev.quorate.core.storage;

/** What a store's memory is worth. */
public enum Condition {
    /** Nothing was ever kept in it. Whether this replica said anything before, on another disk, nobody can tell. */
    FRESH,
    /** All that was ever reported durable is there. */
    INTACT,
    /**
     * The replica is amnesic: binding records are missing, or were never durable. Nothing can be written before
     * {@link ReplicaStore#startOver}.
     */
    LOST,
    /** It began anew, and {@link ReplicaStore#endRejoin} has not been called: the replica is still amnesic. */
    REJOINING
}
