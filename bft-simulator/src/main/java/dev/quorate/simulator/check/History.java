package dev.quorate.simulator.check;

import dev.quorate.core.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What clients asked for and what they were told. An event is an invocation or the end of one; events count from 0 in
 * the order in which they were observed, which orders also what has the same virtual time.
 *
 * @param calls in the order of their invocations
 * @param events how many events there are
 */
public record History(List<Call> calls, int events) {
    /** The event at which a call returns that never does. */
    public static final int NEVER = Integer.MAX_VALUE;

    /**
     * One invocation. Without a result it may have taken effect at any time since its invocation, or may never.
     *
     * @param calledAt the event at which it was invoked
     * @param returnedAt the event at which its result was there; {@link #NEVER} without one
     * @param invokedNanos virtual time of the invocation
     * @param returnedNanos virtual time of the result; {@link Long#MAX_VALUE} without one
     * @param result absent if the outcome is unknown
     */
    public record Call(
            Invocation invocation,
            int calledAt,
            int returnedAt,
            long invokedNanos,
            long returnedNanos,
            Optional<Result> result) {

        static Call pending(Invocation invocation, int calledAt, long invokedNanos) {
            return new Call(invocation, calledAt, NEVER, invokedNanos, Long.MAX_VALUE, Optional.empty());
        }

        Call returned(int at, long nanos, Result result) {
            return new Call(invocation, calledAt, at, invokedNanos, nanos, Optional.of(result));
        }

        Call withoutResult() {
            return pending(invocation, calledAt, invokedNanos);
        }

        boolean isKnown() {
            return result.isPresent();
        }
    }

    public History {
        calls = List.copyOf(calls);
    }

    /** The history as it stood after its first {@code count} events. */
    public History prefix(int count) {
        List<Call> then = new ArrayList<>();
        for (Call call : calls) {
            if (call.calledAt >= count) {
                break;
            }
            then.add(call.isKnown() && call.returnedAt >= count ? call.withoutResult() : call);
        }
        return new History(then, Math.min(count, events));
    }
}
