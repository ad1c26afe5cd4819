package dev.quorate.simulator.check;

import java.util.List;
import java.util.Optional;

/**
 * Invariant 4: the correct clients' histories are linearizable.
 *
 * <p>An invocation that was given up, or whose outcome the replicas do not know any more, may have taken effect at any
 * time since, or never. A client may have several invocations under way. Give workloads few values and few keys: a
 * value that never returns hides mistakes.
 */
public final class LinearizabilityChecker<S> implements Checker {
    private static final String NAME = "linearizability";

    private final Linearizability<S> linearizability;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private List<String> undecided = List.of();

    /** With {@link Linearizability#DEFAULT_MAX_STEPS}. */
    public LinearizabilityChecker(Model<S> model) {
        this(model, Linearizability.DEFAULT_MAX_STEPS);
    }

    /** See {@link Linearizability#Linearizability}. */
    public LinearizabilityChecker(Model<S> model, long maxSteps) {
        this.linearizability = new Linearizability<>(model, maxSteps);
    }

    @Override
    public Optional<Violation> observe(Observation observation) {
        return recorder.observe(observation)
                .map(wrong -> new Violation(
                        NAME, "At " + Words.at(observation.atNanos()) + " a client " + wrong + ": " + observation));
    }

    /** What the clients have seen so far. */
    public History history() {
        return recorder.history();
    }

    /** The verdict on what the clients have seen so far. */
    public LinearizabilityVerdict verdict() {
        return linearizability.verdict(history());
    }

    @Override
    public Optional<Violation> finish() {
        LinearizabilityVerdict verdict = verdict();
        if (verdict instanceof LinearizabilityVerdict.Undecided u) {
            undecided = List.of(NAME + ": " + u.explanation());
        }
        return verdict instanceof LinearizabilityVerdict.NotLinearizable n
                ? Optional.of(new Violation(NAME, n.explanation()))
                : Optional.empty();
    }

    @Override
    public List<String> undecided() {
        return undecided;
    }
}
