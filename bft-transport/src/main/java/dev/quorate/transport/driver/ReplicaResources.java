package dev.quorate.transport.driver;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.runtime.ReplicaCore;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.runtime.ReplicaSetup;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.Finding;
import dev.quorate.core.storage.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What only one replica at a time may use, and keeps open while it runs: its store and its USIG. */
public final class ReplicaResources implements AutoCloseable, Persistence {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaResources.class);

    private final Optional<ReplicaMemory> memory;
    private final Optional<OpenUsig> usig;

    private ReplicaResources(Optional<ReplicaMemory> memory, Optional<OpenUsig> usig) {
        this.memory = memory;
        this.usig = usig;
    }

    /** No store, and no USIG. */
    public static ReplicaResources none() {
        return new ReplicaResources(Optional.empty(), Optional.empty());
    }

    /**
     * Opens what the setup names.
     *
     * @throws StoreException if the store cannot be opened
     * @throws IOException if the USIG cannot
     */
    public static ReplicaResources open(ReplicaSetup setup) throws IOException {
        ClusterConfig cluster = setup.cluster();
        ReplicaId self = ReplicaCore.idOf(cluster, setup.identity());
        Optional<ReplicaMemory> memory = Optional.empty();
        if (setup.storage().isPresent()) {
            memory = Optional.of(ReplicaMemory.open(setup.storage().get(), cluster, self));
        }
        Optional<OpenUsig> usig = Optional.empty();
        try {
            if (setup.usig().isPresent()) {
                usig = Optional.of(OpenUsig.open(cluster, self, setup.usig().get(), memory, setup.bootstrap()));
            }
            if (memory.isPresent()) {
                // Only now: a replica that is refused has said nothing, and forgets nothing.
                memory.get().begin(setup.bootstrap());
                describe(memory.get(), cluster, self, setup.bootstrap());
                if (usig.isPresent()) {
                    usig.get().begin(memory.get());
                }
            }
            return new ReplicaResources(memory, usig);
        } catch (IOException | RuntimeException e) {
            new ReplicaResources(memory, usig).close();
            throw e;
        }
    }

    private static void describe(ReplicaMemory memory, ClusterConfig cluster, ReplicaId self, boolean bootstrap) {
        for (Finding finding : memory.findings()) {
            switch (finding.category()) {
                case CUT -> LOG.info("{}, store: {}", self, finding);
                case REPAIRABLE, AMNESIA -> LOG.warn("{}, store: {}", self, finding);
            }
        }
        if (memory.isAmnesic(bootstrap)) {
            LOG.warn(
                    "{} does not remember what it said before ({}), and may contradict it: it only listens, and counts"
                            + " among the f = {} faulty replicas, until it has rejoined",
                    self,
                    whyAmnesic(memory.condition(), bootstrap),
                    cluster.f());
        }
    }

    private static String whyAmnesic(Condition condition, boolean bootstrap) {
        // A store that would remember, or has nothing to, does not if something else was lost that binds the replica.
        String elsewhere = "the counter of its USIG was lost";
        return switch (condition) {
            case FRESH -> bootstrap ? elsewhere : "its store is empty; if it never ran before, start it with bootstrap";
            case INTACT -> elsewhere;
            case LOST -> "binding records were lost from its store";
            case REJOINING -> "binding records had been lost from its store";
        };
    }

    Optional<OpenUsig> usig() {
        return usig;
    }

    /** What the store promises; empty if there is none. */
    Optional<Durability> durability() {
        return memory.map(ReplicaMemory::durability);
    }

    /** For the replica's state machine. */
    public Optional<ReplicaUsig> usigForReplica() {
        return usig.map(OpenUsig::forReplica);
    }

    /** What a replica with a store has to know before it starts. To be called once. */
    Optional<Event.Recovered> recover(ReplicaCore core) throws StoreException {
        if (memory.isEmpty()) {
            return Optional.empty();
        }
        Event.Recovered recovered = memory.get()
                .recover(core.validator(), usig.map(OpenUsig::recovered).orElse(List.of()));
        if (!recovered.amnesic() && !recovered.first()) {
            LOG.info(
                    "{} goes on from its store: {} records, and {}",
                    core.id(),
                    recovered.records().size(),
                    recovered.state().isPresent() ? "the state at " + recovered.at() : "no state");
        }
        return Optional.of(recovered);
    }

    @Override
    public void persist(List<Effect.Persist> records) throws StoreException {
        if (memory.isPresent()) {
            memory.get().persist(records);
        }
        usig.ifPresent(OpenUsig::persisted);
    }

    @Override
    public boolean mustPersist() {
        return usig.filter(OpenUsig::isMuchNotPersisted).isPresent();
    }

    @Override
    public void discard(Effect.Discard discard) throws StoreException {
        if (memory.isPresent()) {
            if (usig.isPresent() && usig.get().isInLog()) {
                memory.get().note(usig.get().counter());
            }
            memory.get().carryOut(discard);
        }
    }

    @Override
    public void endRejoin() throws StoreException {
        if (memory.isPresent()) {
            memory.get().endRejoin();
        }
    }

    @Override
    public void accept(Effect.AcceptUsig accepted) throws StoreException {
        if (memory.isPresent()) {
            memory.get().note(accepted);
        }
        usig.ifPresent(open -> open.accept(accepted));
    }

    @Override
    public Event.UsigRenewed renew(Effect.RenewUsig renewal) throws IOException {
        OpenUsig own = usig.orElseThrow(() -> new IllegalStateException("no USIG to renew"));
        Event.UsigRenewed renewed = new Event.UsigRenewed(own.renew(renewal.epoch()));
        if (memory.isPresent()) {
            own.begin(memory.get());
        }
        return renewed;
    }

    @Override
    public void keep(SequenceNumber at, StateImage image) throws StoreException {
        if (memory.isPresent()) {
            memory.get().keep(at, image);
        }
    }

    /** Lets others use them. Not while the replica runs; again: no effect. */
    @Override
    public void close() {
        usig.ifPresent(OpenUsig::close);
        close(memory);
    }

    private static void close(Optional<ReplicaMemory> memory) {
        // An interrupt would close the store's files under its hands.
        boolean interrupted = Thread.interrupted();
        try {
            if (memory.isPresent()) {
                memory.get().close();
            }
        } catch (StoreException e) {
            LOG.warn("The store could not be closed in good order: {}", e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
