package dev.quorate.simulator.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Linearizability by its definition: tries every order of every choice of calls. For a handful of calls. */
final class BruteForce {
    private BruteForce() {}

    static <S> boolean isLinearizable(Model<S> model, History history) {
        return extend(model, model.initial(), new ArrayList<>(history.calls()));
    }

    private static <S> boolean extend(Model<S> model, S state, List<History.Call> rest) {
        if (rest.stream().noneMatch(History.Call::isKnown)) {
            return true;
        }
        for (History.Call next : rest) {
            boolean mayBeNext = rest.stream().noneMatch(other -> other.returnedAt() < next.calledAt());
            if (mayBeNext) {
                Optional<S> after = next.result().isPresent()
                        ? model.step(state, next.invocation(), next.result().get())
                        : Optional.of(model.apply(state, next.invocation()));
                List<History.Call> others = new ArrayList<>(rest);
                others.remove(next);
                if (after.isPresent() && extend(model, after.get(), others)) {
                    return true;
                }
            }
        }
        return false;
    }
}
