package dev.quorate.simulator.check;

import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides whether histories are linearizable (Herlihy and Wing 1990): whether all calls can be put into one order that
 * keeps real time and in which the model gives every result that a client saw. Stateless; as thread-safe as its model.
 */
public final class Linearizability<S> {
    /** Enough for histories of many thousand calls; takes a few hundred megabytes at the very worst. */
    public static final long DEFAULT_MAX_STEPS = 1_000_000;

    /** How many calls with a result an explanation shows, and how many without. */
    private static final int SHOWN = 8;

    private final Model<S> model;
    private final long maxSteps;

    /**
     * @param maxSteps how many steps of the model to try at most in each independent part of a history, and again in
     *     each of the few searches that make an explanation short; bounds time and memory
     */
    public Linearizability(Model<S> model, long maxSteps) {
        if (maxSteps < 1) {
            throw new IllegalArgumentException("a budget of " + maxSteps + " steps");
        }
        this.model = model;
        this.maxSteps = maxSteps;
    }

    /** The verdict on a history, or on any {@link History#prefix} of one. */
    public LinearizabilityVerdict verdict(History history) {
        int undecided = 0;
        for (List<History.Call> part : parts(history)) {
            switch (search(part)) {
                case FOUND -> {}
                case NONE -> {
                    return new LinearizabilityVerdict.NotLinearizable(explain(part));
                }
                case OUT_OF_BUDGET -> undecided++;
            }
        }
        return undecided == 0
                ? new LinearizabilityVerdict.Linearizable()
                : new LinearizabilityVerdict.Undecided(
                        undecided,
                        undecided + " independent parts of the history could not be decided within " + maxSteps
                                + " steps each: raise the budget, or let fewer operations overlap or end without a"
                                + " result");
    }

    private LinearizationSearch.Outcome search(List<History.Call> calls) {
        return new LinearizationSearch<>(model, calls, maxSteps).run();
    }

    private Collection<List<History.Call>> parts(History history) {
        Map<Bytes, List<History.Call>> parts = new TreeMap<>();
        for (History.Call call : history.calls()) {
            Optional<Bytes> key = model.key(call.invocation());
            if (key.isEmpty()) {
                return List.of(history.calls());
            }
            parts.computeIfAbsent(key.get(), k -> new ArrayList<>()).add(call);
        }
        return parts.values();
    }

    /** Explains why there is no order by the first result that no order explains. */
    private String explain(List<History.Call> calls) {
        List<History.Call> returns = calls.stream()
                .filter(History.Call::isKnown)
                .sorted(Comparator.comparingInt(History.Call::returnedAt))
                .toList();
        // Prefixes of linearizable histories are linearizable, so the first result that breaks it can be bisected.
        int explained = 0;
        int unexplained = returns.size();
        while (unexplained - explained > 1) {
            int middle = (explained + unexplained) >>> 1;
            if (search(until(calls, returns.get(middle - 1))) == LinearizationSearch.Outcome.NONE) {
                unexplained = middle;
            } else {
                explained = middle;
            }
        }
        History.Call culprit = returns.get(unexplained - 1);
        StringBuilder text = new StringBuilder("No order of the operations explains what this client was told: ")
                .append(describe(culprit))
                .append(". Without this result the history until then is linearizable. The operations that led to it,"
                        + " by the time of their results:");
        relevant(calls, culprit)
                .forEach(
                        call -> text.append(System.lineSeparator()).append("  ").append(describe(call)));
        return text.toString();
    }

    /** The calls as they stood when {@code last} had just returned. */
    private static List<History.Call> until(List<History.Call> calls, History.Call last) {
        return new History(calls, History.NEVER).prefix(last.returnedAt() + 1).calls();
    }

    /** The calls that returned last before the culprit did, and the last ones without a result by then. */
    private static List<History.Call> relevant(List<History.Call> calls, History.Call culprit) {
        List<History.Call> before = until(calls, culprit).stream()
                .filter(call -> call.calledAt() != culprit.calledAt())
                .sorted(Comparator.comparingInt(History.Call::returnedAt).thenComparingInt(History.Call::calledAt))
                .toList();
        List<History.Call> relevant = new ArrayList<>();
        relevant.addAll(lastOf(before.stream().filter(History.Call::isKnown).toList()));
        relevant.addAll(lastOf(before.stream().filter(call -> !call.isKnown()).toList()));
        return relevant;
    }

    private static List<History.Call> lastOf(List<History.Call> calls) {
        return calls.subList(Math.max(0, calls.size() - SHOWN), calls.size());
    }

    private String describe(History.Call call) {
        String asked = call.invocation().client() + " asked at " + Words.at(call.invokedNanos()) + " for "
                + model.describe(call.invocation());
        return call.result()
                .map(result -> asked + " and had at " + Words.at(call.returnedNanos()) + ": "
                        + model.describe(call.invocation(), result))
                .orElse(asked + " and had no result by then");
    }
}
