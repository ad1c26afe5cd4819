package dev.quorate.simulator.trace;

/**
 * Is told what happens, while it happens. Whoever drives replicas feeds it: a simulation, or the runtime of a real
 * replica. It must not slow its caller down, and never throws.
 */
public interface TraceRecorder {
    /** Events come in the order of their times, or nearly so where several threads report. */
    void record(TraceEvent event);

    /** One that forgets everything at once. */
    static TraceRecorder none() {
        return event -> {};
    }
}
