package dev.quorate.simulator.check;

/** Whether a history is linearizable. */
public sealed interface LinearizabilityVerdict {
    /** An order was found that explains every result. */
    record Linearizable() implements LinearizabilityVerdict {}

    /** There is no such order. */
    record NotLinearizable(String explanation) implements LinearizabilityVerdict {}

    /**
     * The search ran out of its budget: the history may be linearizable or not.
     *
     * @param parts how many independent parts of the history are undecided
     */
    record Undecided(int parts, String explanation) implements LinearizabilityVerdict {}
}
