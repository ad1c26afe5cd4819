package dev.quorate.core.runtime;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.Stable;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.storage.Condition;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.Finding;
import dev.quorate.core.storage.LogEntry;
import dev.quorate.core.storage.OpenedStore;
import dev.quorate.core.storage.Recovered;
import dev.quorate.core.storage.ReplicaStore;
import dev.quorate.core.storage.Snapshot;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.storage.StoreOwner;
import dev.quorate.core.storage.StoreProvider;
import dev.quorate.core.storage.StoredSnapshot;
import dev.quorate.core.wire.Envelope;
import dev.quorate.core.wire.MessageValidator;
import dev.quorate.core.wire.Peer;
import dev.quorate.core.wire.Validation;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UsigIdentity;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A replica's store as a driver uses it: what the protocol wants kept goes in, and after a restart it comes out again as the
 * first event. {@link #keep} may be called by one thread while another calls the other methods; those are for one thread at a
 * time. A {@link StoreException} means that the replica has to stop before it says anything else.
 */
public final class ReplicaMemory implements Closeable {
    private static final String BEGUN = "begun";
    /** The last counter of the USIG that is known to be in the log: epoch and counter. */
    private static final String USIG = "usig";

    /** The identities of the USIGs with which a replica rejoined last; its id follows. */
    private static final String ACCEPTED = "usigs-of-";

    /** Of each replica: what is in the log is not older than that, since REJOINs are two windows apart. */
    private static final int KEPT_USIGS = 5;

    private static final Comparator<KnownCounter> LATER =
            Comparator.comparingLong(KnownCounter::epoch).thenComparingLong(KnownCounter::counter);

    private final ReplicaStore store;
    private final ReplicaId self;
    private final int window;
    private final Condition condition;
    /** Of other replicas, by epoch. */
    private final Map<ReplicaId, NavigableMap<Long, UsigIdentity>> accepted = new TreeMap<>();

    private Recovered recovered;
    private boolean bootstrapped;
    private boolean forgotten;

    private ReplicaMemory(OpenedStore opened, ClusterConfig config, ReplicaId self) {
        this.window = config.limits().get(Limit.WINDOW);
        this.store = opened.store();
        this.recovered = opened.recovered();
        this.condition = recovered.condition();
        this.self = self;
        recovered.cells().forEach((name, value) -> {
            if (name.startsWith(ACCEPTED)) {
                ReplicaId of = new ReplicaId(Integer.parseInt(name.substring(ACCEPTED.length())));
                decodeUsigs(value).forEach(identity -> usigsOf(of).put(identity.epoch(), identity));
            }
        });
    }

    /**
     * Opens the store of one replica.
     *
     * @param bootstrap whether an empty store means that this replica never ran before, and not that its disk was lost
     * @throws StoreException if somebody has it open, if it is somebody else's, or if it cannot be read or written
     */
    public static ReplicaMemory open(StoreProvider stores, ClusterConfig config, ReplicaId self, boolean bootstrap)
            throws StoreException {
        ReplicaMemory memory = open(stores, config, self);
        try {
            memory.begin(bootstrap);
            return memory;
        } catch (StoreException e) {
            memory.store.close();
            throw e;
        }
    }

    /** The same, but nothing may be kept before {@link #begin}. Whoever finds out that the replica cannot start closes it. */
    public static ReplicaMemory open(StoreProvider stores, ClusterConfig config, ReplicaId self) throws StoreException {
        return new ReplicaMemory(stores.open(new StoreOwner(config.clusterId(), self)), config, self);
    }

    /**
     * The replica starts: from now on the store counts as used, and one that has forgotten what it was told begins anew.
     *
     * @param bootstrap whether an empty store means that this replica never ran before, and not that its disk was lost
     */
    public void begin(boolean bootstrap) throws StoreException {
        if (condition == Condition.FRESH && bootstrap && !forgotten) {
            store.append(List.of(new LogEntry.Cell(BEGUN, Bytes.EMPTY)));
            bootstrapped = true;
        } else if (forgotten || condition == Condition.FRESH || condition == Condition.LOST) {
            store.startOver();
            accepted.clear();
        }
    }

    /**
     * Whether the replica has forgotten what it said, and has to rejoin.
     *
     * @param bootstrap see {@link #begin}
     */
    public boolean isAmnesic(boolean bootstrap) {
        return forgotten || (condition != Condition.INTACT && !(condition == Condition.FRESH && bootstrap));
    }

    /** Before {@link #begin}: what the store has is of no use, since something else that binds the replica was lost. */
    public void forget() {
        forgotten = true;
    }

    /** The last USIGs with which replicas have rejoined, as far as this one has been told: of each the newest is the last. */
    public Map<ReplicaId, List<UsigIdentity>> acceptedUsigs() {
        Map<ReplicaId, List<UsigIdentity>> all = new TreeMap<>();
        accepted.forEach((of, usigs) -> all.put(of, List.copyOf(usigs.values())));
        return all;
    }

    /** Keeps a USIG of another replica: without it, what that says cannot be read back. */
    public void note(Effect.AcceptUsig usig) throws StoreException {
        NavigableMap<Long, UsigIdentity> usigs = usigsOf(usig.replica());
        boolean isNew = usigs.putIfAbsent(usig.identity().epoch(), usig.identity()) == null;
        if (usigs.size() > KEPT_USIGS) {
            usigs.pollFirstEntry();
        }
        if (isNew) {
            String cell = ACCEPTED + usig.replica().value();
            store.append(List.of(new LogEntry.Cell(cell, encodeUsigs(usigs.values()))));
        }
    }

    private NavigableMap<Long, UsigIdentity> usigsOf(ReplicaId replica) {
        return accepted.computeIfAbsent(replica, id -> new TreeMap<>());
    }

    private static Bytes encodeUsigs(Collection<UsigIdentity> usigs) {
        List<Bytes> encoded = usigs.stream().map(UsigIdentity::encode).toList();
        int length =
                encoded.stream().mapToInt(one -> Integer.BYTES + one.length()).sum();
        ByteBuffer out = ByteBuffer.allocate(length);
        encoded.forEach(one -> out.putInt(one.length()).put(one.unsafeArray()));
        return Bytes.wrap(out.array());
    }

    private static List<UsigIdentity> decodeUsigs(Bytes cell) {
        List<UsigIdentity> usigs = new ArrayList<>();
        for (ByteBuffer in = ByteBuffer.wrap(cell.unsafeArray()); in.hasRemaining(); ) {
            byte[] one = new byte[in.getInt()];
            in.get(one);
            usigs.add(UsigIdentity.decode(Bytes.wrap(one)));
        }
        return usigs;
    }

    /** What the store's memory was worth when it was opened. */
    public Condition condition() {
        return condition;
    }

    /** What the store promises. */
    public Durability durability() {
        return store.durability();
    }

    /** What was not as it should be. */
    public List<Finding> findings() {
        return recovered.findings();
    }

    /**
     * What the store knows of this replica's USIG; empty if it knows nothing. To be asked before {@link #recover}, which
     * forgets it.
     */
    public Optional<KnownCounter> knownCounter() {
        Optional<KnownCounter> known = Optional.ofNullable(recovered.cells().get(USIG))
                .map(cell -> ByteBuffer.wrap(cell.unsafeArray()))
                .map(cell -> new KnownCounter(cell.getLong(), cell.getLong()));
        for (LogEntry.Logged record : recovered.records()) {
            Optional<KnownCounter> said =
                    Envelope.uiOf(record.bytes(), self).map(ui -> new KnownCounter(ui.epoch(), ui.counter()));
            if (said.isPresent() && (known.isEmpty() || LATER.compare(said.get(), known.get()) > 0)) {
                known = said;
            }
        }
        return known;
    }

    /** Notes how far the USIG's counter is in the log, before what shows it is discarded there, or exists at all. */
    public void note(KnownCounter counter) throws StoreException {
        store.append(List.of(new LogEntry.Cell(
                USIG,
                Bytes.wrap(ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(counter.epoch())
                        .putLong(counter.counter())
                        .array()))));
    }

    /**
     * What the protocol has to know before it starts. To be called once: the memory that it takes is given back.
     *
     * @param validator the replica's own
     * @param ownTail frames of what its USIG certified last: perhaps not in the store, and then nobody may have them
     * @throws StoreException if a record is not one that this replica wrote under this configuration
     */
    public Event.Recovered recover(MessageValidator validator, List<Bytes> ownTail) throws StoreException {
        List<Verified<? extends Message>> records = new ArrayList<>();
        for (LogEntry.Logged record : forgotten ? List.<LogEntry.Logged>of() : recovered.records()) {
            Validation validation = validator.validate(record.bytes(), new Peer.OfReplica(self));
            if (validation instanceof Validation.Accepted accepted) {
                records.add(accepted.message());
            } else {
                throw new StoreException(
                        StoreException.Reason.FOREIGN,
                        "the store has a record that is not valid in this cluster: " + validation
                                + ". Has the cluster's configuration been changed?");
            }
        }
        SequenceNumber at = SequenceNumber.ZERO;
        Optional<StateImage> state = Optional.empty();
        for (StoredSnapshot snapshot : recovered.snapshots()) {
            state = read(snapshot);
            if (state.isPresent()) {
                at = snapshot.sequenceNumber();
                break;
            }
        }
        recovered = new Recovered(condition, List.of(), recovered.cells(), List.of(), recovered.findings());
        if (!isAmnesic(bootstrapped)) {
            complete(records, at, ownTail, validator);
        }
        return new Event.Recovered(at, state, records, isAmnesic(bootstrapped), bootstrapped);
    }

    /** Keeps, and adds to {@code records}, those frames of {@code ownTail} that are not among them. */
    private void complete(
            List<Verified<? extends Message>> records,
            SequenceNumber at,
            List<Bytes> ownTail,
            MessageValidator validator)
            throws StoreException {
        Set<Bytes> known = new HashSet<>();
        SequenceNumber stable = at;
        for (Verified<? extends Message> record : records) {
            known.add(record.frame());
            if (record.message() instanceof Stable proof
                    && proof.certificate().sequenceNumber().isAfter(stable)) {
                stable = proof.certificate().sequenceNumber();
            }
        }
        List<Effect.Persist> missing = new ArrayList<>();
        for (Bytes frame : ownTail) {
            if (!known.contains(frame)
                    && validator.validate(frame, new Peer.OfReplica(self)) instanceof Validation.Accepted own) {
                records.add(own.message());
                // As long as the replica itself would keep it.
                missing.add(new Effect.Persist(stable.plus(2L * window), frame));
            }
        }
        if (!missing.isEmpty()) {
            persist(missing);
        }
    }

    private static Optional<StateImage> read(StoredSnapshot snapshot) {
        Optional<List<Digest>> digests = StateImage.chunkDigests(snapshot.manifest());
        if (!snapshot.isComplete() || !digests.equals(Optional.of(snapshot.chunkDigests()))) {
            return Optional.empty();
        }
        List<Bytes> chunks = new ArrayList<>();
        for (int i = 0; i < snapshot.chunkDigests().size(); i++) {
            Optional<Bytes> chunk = snapshot.chunk(i);
            if (chunk.isEmpty()) {
                return Optional.empty();
            }
            chunks.add(chunk.get());
        }
        return Optional.of(StateImage.of(snapshot.manifest(), chunks));
    }

    /** Returns when all of the records, in this order, are as durable as the store promises: one sync for all of them. */
    public void persist(List<Effect.Persist> records) throws StoreException {
        List<LogEntry> group = new ArrayList<>(records.size());
        for (Effect.Persist record : records) {
            group.add(new LogEntry.Logged(record.sequenceNumber(), record.record()));
        }
        store.append(group);
    }

    /** Keeps a state, before {@link Event.SnapshotTaken} or {@link Event.StateInstalled} is said of it. */
    public void keep(SequenceNumber at, StateImage image) throws StoreException {
        List<Digest> digests = image.digests();
        List<Snapshot.Chunk> chunks = new ArrayList<>(digests.size());
        for (int i = 0; i < digests.size(); i++) {
            chunks.add(new Snapshot.Chunk(digests.get(i), image.chunks().get(i)));
        }
        store.keep(new Snapshot(at, Bytes.EMPTY, image.manifest(), chunks));
    }

    /** The replica votes again after it had lost its memory. */
    public void endRejoin() throws StoreException {
        store.endRejoin();
    }

    /** Discards what is below a stable checkpoint. */
    public void carryOut(Effect.Discard discard) throws StoreException {
        store.discardBelow(discard.stable());
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}
