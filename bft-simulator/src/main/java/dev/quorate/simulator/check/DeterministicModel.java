package dev.quorate.simulator.check;

import dev.quorate.core.message.Result;
import java.util.Optional;

/** A model in which a state and an operation determine the result, as in any replicated service. */
public interface DeterministicModel<S> extends Model<S> {
    /** What an operation does: the next state, and the result. */
    record Step<S>(S next, Result result) {}

    /** Executes one operation; does not change {@code state}. */
    Step<S> execute(S state, Invocation invocation);

    @Override
    default Optional<S> step(S state, Invocation invocation, Result result) {
        Step<S> step = execute(state, invocation);
        return step.result().equals(result) ? Optional.of(step.next()) : Optional.empty();
    }

    @Override
    default S apply(S state, Invocation invocation) {
        return execute(state, invocation).next();
    }
}
