package dev.quorate.simulator.cli;

import dev.quorate.core.Protocol;
import dev.quorate.simulator.Reduction;
import dev.quorate.simulator.Shrinker;
import dev.quorate.simulator.Simulation;
import dev.quorate.simulator.SimulationResult;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code simulate}. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs clusters on virtual time under faults drawn from a seed, and checks every invariant.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every invariant held in every run",
            "1:a run broke an invariant",
            "2:the command is wrong, or the simulator itself failed"
        })
public final class Main implements Callable<Integer> {
    @Option(names = "--protocol", paramLabel = "NAME", defaultValue = "pbft", description = "pbft (default) or minbft.")
    private String protocol;

    @Option(
            names = "--seeds",
            paramLabel = "A..B",
            converter = SeedRange.Converter.class,
            description = "Run all seeds from A to B (default: 0..99).")
    private SeedRange seeds;

    @Option(names = "--seed", paramLabel = "N", description = "Run one seed.")
    private Long seed;

    @Option(names = "--random", paramLabel = "COUNT", description = "Run COUNT seeds that nobody has tried.")
    private Integer random;

    @Option(names = "--replicas", paramLabel = "N", description = "How many replicas (default: drawn from the seed).")
    private Integer replicas;

    @Option(
            names = "--signatures",
            paramLabel = "SCHEME",
            defaultValue = SimulatedSignatures.NAME,
            description = "The signature scheme: ${DEFAULT-VALUE} (default), or ed25519-bc, which is real and slow.")
    private String signatures;

    @Option(names = "--jobs", paramLabel = "N", description = "How many runs at a time (default: one a processor).")
    private Integer jobs;

    @Option(names = "--shrink", description = "Make the first failing run as small as it gets.")
    private boolean shrink;

    @Option(
            names = "--trace",
            paramLabel = "FILE.html",
            description = "Write a diagram of the first failing run; of the first run if none fails.")
    private Path trace;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "40",
            description = "How many of a failing run's last events to show (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @ArgGroup(exclusive = false, heading = "%nTo leave out some of what a seed says:%n")
    private ReductionOptions reductions = new ReductionOptions();

    @Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command, and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        SeedRange range = range();
        try {
            return run(range);
        } catch (IllegalArgumentException | IllegalStateException e) {
            spec.commandLine().getErr().println("simulate: " + e.getMessage());
            return ExitCode.USAGE;
        }
    }

    private SeedRange range() {
        if ((seed != null ? 1 : 0) + (seeds != null ? 1 : 0) + (random != null ? 1 : 0) > 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "give one of --seed, --seeds and --random only");
        }
        if (seed != null) {
            return new SeedRange(seed, seed);
        }
        if (random != null) {
            // Away from the small numbers that everybody tries.
            long first = ThreadLocalRandom.current().nextLong(1L << 32, 1L << 52);
            return new SeedRange(first, first + Math.max(1, random) - 1);
        }
        return seeds != null ? seeds : new SeedRange(0, 99);
    }

    private int run(SeedRange range) throws IOException, InterruptedException {
        Reduction reduction = reductions.reduction();
        Campaign campaign = new Campaign(() -> simulation(reduction), new Progress());
        int threads = jobs != null ? jobs : Runtime.getRuntime().availableProcessors();
        campaign.run(range.first(), range.last(), (int) Math.min(threads, range.last() - range.first() + 1));
        endProgress();
        Optional<SimulationResult> first = campaign.failures().values().stream().findFirst();
        if (shrink && first.isPresent()) {
            SimulationResult small = Shrinker.shrink(() -> simulation(Reduction.NONE), first.get());
            campaign.failures().put(small.seed().value(), small);
            first = Optional.of(small);
        }
        print(range, campaign);
        if (trace != null) {
            Reduction traced = first.map(SimulationResult::reduction).orElse(reduction);
            long tracedSeed = first.map(failure -> failure.seed().value()).orElse(range.first());
            TraceFile.write(simulation(traced), tracedSeed, trace);
            spec.commandLine().getErr().println("the diagram of seed " + tracedSeed + " is in " + trace);
        }
        return first.isPresent() ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private Simulation simulation(Reduction reduction) {
        Simulation simulation = Simulation.ofRegisters()
                .protocol(Protocol.named(protocol))
                .signatures(signatures)
                .reduced(reduction);
        return replicas == null ? simulation : simulation.replicas(replicas);
    }

    private void print(SeedRange range, Campaign campaign) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonReport.of(protocol, campaign));
            return;
        }
        campaign.failures().values().forEach(failure -> out.println(failure.report(events)));
        out.println("what happened in these runs:");
        campaign.coverage().counts().forEach((what, count) -> out.printf(Locale.ROOT, "%12d  %s%n", count, what));
        out.printf(
                Locale.ROOT,
                "%s, seeds %d..%d: %d runs, %d failures, %d undecided; %d events in %.0f virtual seconds%n",
                protocol,
                range.first(),
                range.last(),
                campaign.runs(),
                campaign.failures().size(),
                campaign.undecided(),
                campaign.events(),
                campaign.virtualSeconds());
        out.printf(
                Locale.ROOT,
                "%.1f s; each second %.1f runs and %.0f virtual seconds; digest %s%n",
                campaign.realSeconds(),
                campaign.runs() / campaign.realSeconds(),
                campaign.virtualSeconds() / campaign.realSeconds(),
                campaign.digest().toHex());
    }

    private static final class Progress implements Campaign.Progress {
        @Override
        public void report(long runs, int failures, double virtualSeconds, double realSeconds) {
            if (runs % 20 == 0) {
                System.err.printf(
                        Locale.ROOT,
                        "\r%d runs, %d failures, %.1f runs/s, %.0f virtual s/s ",
                        runs,
                        failures,
                        runs / realSeconds,
                        virtualSeconds / realSeconds);
            }
        }

        @Override
        public void failed(SimulationResult result) {
            endProgress();
            System.err.println(
                    result.seed() + ": " + result.violation().orElseThrow().invariant() + " is violated");
        }
    }

    private static void endProgress() {
        System.err.printf("\r%60s\r", "");
    }
}
