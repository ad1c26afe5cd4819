package dev.quorate.simulator;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicatedService;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.check.Checker;
import dev.quorate.simulator.check.Invariants;
import dev.quorate.simulator.check.LinearizabilityChecker;
import dev.quorate.simulator.check.ServiceModel;
import dev.quorate.simulator.crypto.SimulatedSignatures;
import dev.quorate.simulator.fault.RunPlan;
import dev.quorate.simulator.fault.Swarm;
import dev.quorate.simulator.journal.Journal;
import dev.quorate.simulator.kernel.Seed;
import dev.quorate.simulator.node.CoreFactory;
import dev.quorate.simulator.node.Members;
import dev.quorate.simulator.node.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Simulates clusters that replicate a service, under faults drawn from a seed. In a test:
 *
 * <pre>{@code
 * Simulation simulation = Simulation.of(Counter::new, random -> Bytes.copyOf(new byte[] {(byte) random.below(10)}));
 * for (long seed = 0; seed < 100; seed++) {
 *     simulation.run(seed).requireHolds();
 * }
 * }</pre>
 *
 * <p>Not thread-safe, but as many as you like may run at a time.
 */
public final class Simulation {
    private static final int KEPT_EVENTS = 400;

    private final Supplier<? extends ReplicatedService> services;
    private final OperationGenerator operations;
    private Function<Bytes, Optional<Bytes>> keys = operation -> Optional.empty();
    private Predicate<Bytes> reads = operation -> false;
    private Optional<OperationGenerator> faultyOperations = Optional.empty();
    private Protocol protocol = Protocol.PBFT;
    private OptionalInt replicas = OptionalInt.empty();
    private String signatureScheme = SimulatedSignatures.NAME;
    private Reduction reduction = Reduction.NONE;
    private CoreFactory cores = CoreFactory.PRODUCTION;
    private Set<Capability> capabilities = Capability.present();
    private Consumer<World> observer = world -> {};

    private Simulation(Supplier<? extends ReplicatedService> services, OperationGenerator operations) {
        this.services = services;
        this.operations = operations;
    }

    /** Simulates the simulator's own service, {@link SimService}. */
    public static Simulation ofRegisters() {
        return of(SimService::new, SimService::randomOperation)
                .keys(SimService::keyOf)
                .reads(SimService::isRead)
                .operationsOfFaultyClients(SimService::faultyOperation);
    }

    /**
     * Simulates a service of your own.
     *
     * @param services makes one service in its initial state for each start of each replica; they must not share
     *     anything
     * @param operations makes up what clients ask for
     */
    public static Simulation of(Supplier<? extends ReplicatedService> services, OperationGenerator operations) {
        return new Simulation(services, operations);
    }

    /**
     * Says which part of the service's state an operation touches, which makes checking long histories faster.
     *
     * @param keyOf empty for an operation that may touch everything. If every operation has a key, operations on
     *     different keys must not influence each other.
     */
    public Simulation keys(Function<Bytes, Optional<Bytes>> keyOf) {
        this.keys = keyOf;
        return this;
    }

    /**
     * Says which operations only read: in runs with fast reads, clients do not have those ordered. None unless said.
     *
     * <p>See {@link ReplicatedService#read}.
     */
    public Simulation reads(Predicate<Bytes> isRead) {
        this.reads = isRead;
        return this;
    }

    /**
     * What faulty clients ask for: operations that touch nothing that those of correct clients touch. Without it they
     * ask for the same as correct ones; and then runs with faulty clients are not checked for linearizability, because
     * what a faulty client wrote is in no correct client's history.
     */
    public Simulation operationsOfFaultyClients(OperationGenerator generator) {
        this.faultyOperations = Optional.of(generator);
        return this;
    }

    /** The protocol to simulate; PBFT unless said otherwise. */
    public Simulation protocol(Protocol protocol) {
        this.protocol = protocol;
        return this;
    }

    /** How many replicas; drawn from the seed unless said. */
    public Simulation replicas(int number) {
        this.replicas = OptionalInt.of(number);
        return this;
    }

    /** The signature scheme: {@link SimulatedSignatures} unless said otherwise, which is far faster than a real one. */
    public Simulation signatures(String scheme) {
        this.signatureScheme = scheme;
        return this;
    }

    /** Leaves out some of what the seed says. */
    public Simulation reduced(Reduction reduction) {
        this.reduction = reduction;
        return this;
    }

    /** Replaces the state machines of production: for tests of the checkers. */
    public Simulation cores(CoreFactory cores) {
        this.cores = cores;
        return this;
    }

    /** What the replicas can do, as far as a run may demand it. */
    public Simulation capabilities(Set<Capability> capabilities) {
        this.capabilities = Set.copyOf(capabilities);
        return this;
    }

    /** Lets somebody watch each run: gets its world before it begins. */
    public Simulation watchedBy(Consumer<World> observer) {
        this.observer = observer;
        return this;
    }

    /** The plan of the run of a seed. */
    public RunPlan plan(long seed) {
        return reduction.apply(Swarm.plan(new Seed(seed), protocol, signatureScheme, replicas));
    }

    /** Runs one seed. */
    public SimulationResult run(long seed) {
        RunPlan plan = plan(seed);
        World world = world(new Seed(seed), plan);
        List<Checker> checkers = checkers(world, plan);
        checkers.forEach(world::check);
        observer.accept(world);
        SimCluster cluster = new SimCluster(
                world,
                plan,
                operations,
                operation -> plan.fastReads() && reads.test(operation),
                faultyOperations.orElse(operations));
        new Run(world, plan, cluster, capabilities).execute();
        return result(world, plan, checkers);
    }

    private World world(Seed seed, RunPlan plan) {
        Members members = Members.create(
                seed,
                plan.protocol(),
                plan.signatureScheme(),
                plan.replicas(),
                plan.clients().size() + plan.byzantineClients(),
                plan.limits(),
                plan.fastReads());
        return new World(seed, members, plan.timing(), cores, services, new Journal(KEPT_EVENTS));
    }

    private List<Checker> checkers(World world, RunPlan plan) {
        Set<ClientId> correct = new TreeSet<>();
        for (int i = 0; i < plan.clients().size(); i++) {
            correct.add(new ClientId(i));
        }
        List<Checker> checkers = new ArrayList<>(Invariants.of(world.members().config(), correct));
        if (plan.byzantineClients() == 0 || faultyOperations.isPresent()) {
            checkers.add(new LinearizabilityChecker<>(
                    new ServiceModel(services, plan.limits().get(Limit.MAX_RESULT_BYTES), keys)));
        }
        return checkers;
    }

    private SimulationResult result(World world, RunPlan plan, List<Checker> checkers) {
        List<String> undecided = new ArrayList<>();
        checkers.forEach(checker -> undecided.addAll(checker.undecided()));
        return new SimulationResult(
                world.seed(),
                plan,
                reduction,
                world.violation(),
                undecided,
                world.coverage(),
                world.now() / 1e9,
                world.journal().events(),
                world.journal().digest(),
                world.violation().isPresent() ? world.journal().lastInWords() : List.of(),
                replay(world.seed(), plan));
    }

    private String replay(Seed seed, RunPlan plan) {
        StringBuilder command = new StringBuilder("bft-simulator/simulate --protocol ")
                .append(protocol.configName())
                .append(" --seed ")
                .append(seed);
        replicas.ifPresent(n -> command.append(" --replicas ").append(n));
        if (!plan.signatureScheme().equals(SimulatedSignatures.NAME)) {
            command.append(" --signatures ").append(plan.signatureScheme());
        }
        return command.append(reduction.options()).toString();
    }
}
