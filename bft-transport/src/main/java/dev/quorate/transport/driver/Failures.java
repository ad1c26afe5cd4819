package dev.quorate.transport.driver;

import dev.quorate.core.InvocationException;
import dev.quorate.core.InvocationException.Reason;
import dev.quorate.core.message.Result;

/** What the caller of a client is told when an invocation has no result. */
final class Failures {
    private Failures() {}

    static InvocationException of(Reason reason) {
        return new InvocationException(reason, message(reason));
    }

    static Reason reason(Result.Outcome outcome) {
        return switch (outcome) {
            case SERVICE_FAILED -> Reason.SERVICE_FAILED;
            case RESULT_TOO_LARGE -> Reason.RESULT_TOO_LARGE;
            case SESSION_EVICTED -> Reason.SESSION_EVICTED;
            case NUMBER_TOO_OLD -> Reason.NUMBER_TOO_OLD;
            case OK -> throw new IllegalArgumentException("that is no failure");
        };
    }

    private static String message(Reason reason) {
        return switch (reason) {
            case SERVICE_FAILED -> "the service threw an exception; the replicas' logs have it";
            case RESULT_TOO_LARGE -> "executed, but its result exceeds the limit maxResultBytes";
            case SESSION_EVICTED -> "the cluster does not know this client's session any more: connect anew";
            case NUMBER_TOO_OLD -> "executed so long ago that the reply is not kept any more";
            case TIMEOUT -> "not enough replicas answered in time; it may have been executed, or may yet be";
            case CLOSED -> "the client has been closed";
            case OVERLOADED -> "too many operations wait in this client already: wait for some to complete";
        };
    }
}
