package dev.quorate.core.client;

/**
 * A timer of a client, named by what it was started for.
 *
 * @param number whose it is, as the kind says
 */
public record ClientTimer(Kind kind, long number) {
    /** What a client waits for. */
    public enum Kind {
        /** Time to send the request of that number again. */
        RETRY,
        /** An invocation, counted from 1 in the order of the calls, has taken as long as it may. */
        DEADLINE,
        /** The replicas did not agree in time about the read of that number. */
        READ,
        /** Time to send a request to all replicas from the start once more; number 0. */
        SAMPLE
    }
}
