package dev.quorate.core.message;

import dev.quorate.crypto.Bytes;

/**
 * How a request ended: the same at every correct replica.
 *
 * @param outcome what kind of end
 * @param value what the service returned; empty for every outcome but {@link Outcome#OK}
 */
public record Result(Outcome outcome, Bytes value) {
    /** The kinds of ends that a request may have, with their codes on the wire. */
    public enum Outcome {
        OK(1),
        /** The service threw an exception. */
        SERVICE_FAILED(2),
        /** The service returned more than {@code maxResultBytes}. */
        RESULT_TOO_LARGE(3),
        /** The session is not known any more: the outcome of the request is unknown. */
        SESSION_EVICTED(4),
        /** Executed so long ago that the reply is not kept any more: the outcome of the request is unknown. */
        NUMBER_TOO_OLD(5);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** The outcome with that code; throws {@link IllegalArgumentException} if there is none. */
        public static Outcome ofCode(int code) {
            for (Outcome outcome : values()) {
                if (outcome.code == code) {
                    return outcome;
                }
            }
            throw new IllegalArgumentException("outcome " + code);
        }
    }

    public Result {
        if (outcome != Outcome.OK && !value.isEmpty()) {
            throw new IllegalArgumentException(outcome + " has no value");
        }
    }

    public static Result ok(Bytes value) {
        return new Result(Outcome.OK, value);
    }

    public static Result error(Outcome outcome) {
        return new Result(outcome, Bytes.EMPTY);
    }
}
