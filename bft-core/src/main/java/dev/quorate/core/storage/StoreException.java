package dev.quorate.core.storage;

import java.io.IOException;

/** A store cannot be opened or used. The message says what to do about it. */
public final class StoreException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong, for callers that can do something about it. */
    public enum Reason {
        /** Another process, or this one, has it open. */
        IN_USE,
        /** It belongs to another cluster or replica. */
        FOREIGN,
        /** A later version of this program wrote it. */
        UNKNOWN_VERSION,
        /** The disk failed or is full. The store does nothing any more. */
        FAILED,
        /** Binding records were lost: {@link ReplicaStore#startOver} has to come first. */
        LOST,
        CLOSED
    }

    private final Reason reason;

    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
