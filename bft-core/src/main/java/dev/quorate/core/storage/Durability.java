package dev.quorate.core.storage;

/** What {@link ReplicaStore#append} promises when it returns. */
public enum Durability {
    /** Nothing: a replica that restarts has forgotten everything and has to rejoin. */
    MEMORY,
    /**
     * The operating system has it: it survives the end of the process, not that of the machine. A start of the machine
     * without a clean shutdown before is noticed, and the replica has to rejoin.
     */
    ASYNC,
    /** It survives a loss of power. */
    SYNC
}
