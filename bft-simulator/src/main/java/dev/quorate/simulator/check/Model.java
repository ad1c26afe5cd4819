package dev.quorate.simulator.check;

import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.util.Optional;

/**
 * What a service does, one operation after the other: the specification that clients' histories are checked against.
 *
 * <p>States are immutable, with {@code equals} and {@code hashCode} by value; the methods are pure.
 *
 * @param <S> a state of the service
 */
public interface Model<S> {
    /** The state before the first operation. */
    S initial();

    /** The state after the operation, if {@code result} is a right answer to it in {@code state}; empty if it is not. */
    Optional<S> step(S state, Invocation invocation, Result result);

    /** The state after an operation whose result nobody saw. */
    S apply(S state, Invocation invocation);

    /**
     * The part of the state that the operation reads and writes; operations on different keys do not influence each
     * other. Empty if it may touch more than one part. If every operation of a history has a key, each key's operations
     * are checked by themselves, each time from {@link #initial()}, which takes far less time.
     */
    default Optional<Bytes> key(Invocation invocation) {
        return Optional.empty();
    }

    /**
     * Something equal for invocations that do the same in every state, so that the search need not try both. The
     * default tells clients apart; a model that ignores the client should return the operation.
     */
    default Object effect(Invocation invocation) {
        return invocation;
    }

    /** The operation in words, for explanations. */
    default String describe(Invocation invocation) {
        return invocation.operation().toString();
    }

    /** The result of the operation in words, for explanations. */
    default String describe(Invocation invocation, Result result) {
        return result.outcome() == Result.Outcome.OK
                ? result.value().toString()
                : result.outcome().toString();
    }
}
