package dev.quorate.core;

/** An operation did not end with a result. {@link #reason()} tells whether it may have been executed. */
public final class InvocationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why there is no result. */
    public enum Reason {
        /** The service threw an exception; the operation has been executed as far as that went. */
        SERVICE_FAILED(true),
        /** The operation has been executed, and its result exceeds {@code maxResultBytes}. */
        RESULT_TOO_LARGE(true),
        /**
         * The cluster has forgotten this session: {@code sessionsPerClient} others of this client's key have been used
         * since. Also if the clock of the client's machine was set back, since a new session then looks older than those.
         */
        SESSION_EVICTED(false),
        /** Executed so long ago that the reply is not kept any more. */
        NUMBER_TOO_OLD(false),
        /** Not enough replicas answered in time. */
        TIMEOUT(false),
        /** The client was closed. */
        CLOSED(false),
        /** Too many operations were waiting in this client already; this one was not sent. */
        OVERLOADED(false);

        private final boolean executed;

        Reason(boolean executed) {
            this.executed = executed;
        }

        /**
         * Whether the operation is known to have been executed. If not, it may or may not have been, or may yet be; but
         * {@link #OVERLOADED} means that it was not.
         */
        public boolean isExecuted() {
            return executed;
        }
    }

    private final Reason reason;

    public InvocationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Never null. */
    public Reason reason() {
        return reason;
    }
}
