package dev.quorate.simulator.cli;

import dev.quorate.simulator.JournalTrace;
import dev.quorate.simulator.Simulation;
import dev.quorate.simulator.SimulationResult;
import dev.quorate.simulator.check.Violation;
import dev.quorate.simulator.trace.BoundedTrace;
import dev.quorate.simulator.trace.HtmlTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Repeats a run, and draws it. */
final class TraceFile {
    /** The last events of a run that a diagram shows; more of them make the page slow. */
    private static final int MAX_EVENTS = 20_000;

    private TraceFile() {}

    static void write(Simulation simulation, long seed, Path file) throws IOException {
        BoundedTrace recorder = new BoundedTrace(MAX_EVENTS);
        SimulationResult result = simulation
                .watchedBy(world -> JournalTrace.record(world, recorder))
                .run(seed);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("result", result.violation().map(Violation::invariant).orElse("every invariant holds"));
        result.violation().ifPresent(violation -> facts.put("what was seen", violation.explanation()));
        facts.put("to repeat it", result.replay());
        int number = 0;
        for (String line : result.plan().words()) {
            facts.put("plan " + ++number, line);
        }
        HtmlTrace.write(recorder.trace("Simulation, seed " + seed, facts), file);
    }
}
