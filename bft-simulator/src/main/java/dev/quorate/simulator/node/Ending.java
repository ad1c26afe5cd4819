package dev.quorate.simulator.node;

/** How a life of a replica ends, as its disk sees it. */
public enum Ending {
    /** The process is killed: what it wrote is there, synced or not. */
    KILLED,
    /** The power fails: of what was not synced, some is lost. */
    POWER_LOST,
    /** The same, and what was being written may have become anything. */
    TORN
}
