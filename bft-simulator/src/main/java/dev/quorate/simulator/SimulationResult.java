package dev.quorate.simulator;

import dev.quorate.crypto.Digest;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.fault.RunPlan;
import dev.quorate.simulator.kernel.Seed;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one run showed.
 *
 * @param reduction what was left out of what the seed says
 * @param violation the invariant that it broke, if it broke one
 * @param undecided what the checkers could not decide within their budget, in words
 * @param coverage how often what happened
 * @param virtualSeconds how long it took in virtual time
 * @param events how many events it had
 * @param digest of all events: the same for the same seed, everywhere
 * @param lastEvents the last events in words, oldest first
 * @param replay the command that repeats the run
 */
public record SimulationResult(
        Seed seed,
        RunPlan plan,
        Reduction reduction,
        Optional<Violation> violation,
        List<String> undecided,
        Coverage coverage,
        double virtualSeconds,
        long events,
        Digest digest,
        List<String> lastEvents,
        String replay) {
    public SimulationResult {
        undecided = List.copyOf(undecided);
        lastEvents = List.copyOf(lastEvents);
    }

    /** Whether no invariant was broken. */
    public boolean holds() {
        return violation.isEmpty();
    }

    /** Throws an {@link AssertionError} that explains the violation, if there was one. For tests. */
    public SimulationResult requireHolds() {
        if (violation.isPresent()) {
            throw new AssertionError(report(40));
        }
        return this;
    }

    /** What happened, for people: the plan, the last events, the violation, and how to repeat it. */
    public String report(int events) {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": ");
        text.append(violation.map(v -> v.invariant() + " is violated").orElse("every invariant holds"));
        text.append("\n  the run:\n");
        plan.words().forEach(line -> text.append("    ").append(line).append('\n'));
        text.append(String.format(
                Locale.ROOT, "  the last of %d events in %.3f virtual seconds:%n", this.events, virtualSeconds));
        lastEvents
                .subList(Math.max(0, lastEvents.size() - events), lastEvents.size())
                .forEach(line -> text.append("    ").append(line).append('\n'));
        violation.ifPresent(v -> text.append("  ")
                .append(v.invariant())
                .append(": ")
                .append(v.explanation())
                .append('\n'));
        return text.append("  to repeat it: ").append(replay).append('\n').toString();
    }
}
