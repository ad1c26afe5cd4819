package dev.quorate.usig;

import java.io.IOException;

/** A USIG cannot be opened, or not be made, in the state that it is in. The message says what to do about it. */
public final class UsigStateException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong, for callers that can do something about it. */
    public enum Reason {
        /** There is no USIG yet: {@link UsigProvider#init} makes one. */
        NOT_INITIALISED,
        /** There is a USIG already, which {@link UsigProvider#init} does not overwrite. */
        ALREADY_INITIALISED,
        /** Another process, or this one, has it open. */
        IN_USE,
        /** The device, or the process, that the USIG lives in does not answer. */
        UNREACHABLE,
        /** The state is damaged: the counter is lost, and a new epoch is needed. */
        CORRUPT,
        /** The state is older than what the caller's log knows: a new epoch is needed. */
        ROLLED_BACK,
        /** The counter was kept in the caller's log, and the log does not have it: a new epoch is needed. */
        LOG_LOST,
        /** The state is sound but does not fit the settings, or the keys beside it. */
        MISMATCH,
        /** Others than the owner may read a secret. */
        EXPOSED
    }

    private final Reason reason;

    public UsigStateException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Whether only a new epoch helps ({@link UsigProvider#renew}), which the other replicas have to be told of. */
    public boolean needsNewEpoch() {
        return switch (reason) {
            case CORRUPT, ROLLED_BACK, LOG_LOST -> true;
            case NOT_INITIALISED, ALREADY_INITIALISED, IN_USE, UNREACHABLE, MISMATCH, EXPOSED -> false;
        };
    }
}
