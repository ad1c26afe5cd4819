package dev.quorate.transport.driver;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.UsigConfig;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.UiDrafts;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica's USIG while the replica runs, and what it certified last before: with a durable counter, and drafts of its
 * messages, a replica that was killed leaves no counter whose message nobody has.
 */
public final class OpenUsig implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenUsig.class);
    /** Confirming may cost a round trip to a device, so it is done for so many at once. */
    private static final int CONFIRM_AT_ONCE = 64;

    /** How many epochs the USIG's directory may be ahead of what a replica without memory knows of itself. */
    private static final int EPOCHS_AHEAD = 1 << 16;

    private final UsigProvider provider;
    private final UsigContext context;
    private final KnownUsigs all;
    private final int maxMessageBytes;
    /** Null as long as a replica that has lost its memory has no new one. */
    private Usig own;

    private Optional<DraftFile> drafts = Optional.empty();
    private Optional<KnownCounter> known = Optional.empty();
    private List<Bytes> recovered = List.of();
    private int kept;
    private int atOnce;
    private long last;
    /** Up to where all that it certified is in the replica's store, if it has one. */
    private long persisted;

    private long confirmed;
    private boolean closed;

    private OpenUsig(UsigProvider provider, UsigContext context, KnownUsigs all, int maxMessageBytes) {
        this.provider = provider;
        this.context = context;
        this.all = all;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** From now on, this is the replica's own. */
    private void use(Usig opened, Optional<KnownCounter> inLog) throws IOException {
        own = opened;
        known = inLog;
        if (own.durability() == UsigDurability.DURABLE) {
            Files.createDirectories(context.directory());
            drafts = Optional.of(new DraftFile(context.directory(), maxMessageBytes));
        }
        int half = (own.maxUnconfirmed() - 1) / 2;
        kept = drafts.isPresent() ? Math.min(DraftFile.KEPT, half) : 0;
        atOnce = isInLog() ? own.maxUnconfirmed() : Math.max(1, Math.min(CONFIRM_AT_ONCE, half));
        last = own.lastCounter();
        persisted = last;
        confirmed = own.lastConfirmed();
        recovered = drafts.isPresent() ? recover(drafts.get()) : List.of();
    }

    /**
     * Opens the USIG of {@code self} in {@code directory}, which is made if it is not there: a USIG that lives elsewhere
     * needs none before.
     *
     * <p>A replica that has lost its memory gets a new one with {@link #renew}; until then it has none.
     *
     * @param memory the replica's own, not recovered yet; empty if it keeps nothing
     * @param bootstrap whether an empty memory means that the replica never ran before
     * @throws ConfigException if there is no provider of the configured name, it does not take the settings, the USIG
     *     is not the one that the configuration has for this replica, or it keeps its counter where there is no room for it
     * @throws IOException if it cannot be opened; see {@link dev.quorate.usig.UsigStateException}
     */
    public static OpenUsig open(
            ClusterConfig config, ReplicaId self, Path directory, Optional<ReplicaMemory> memory, boolean bootstrap)
            throws IOException {
        UsigConfig usig = config.usig()
                .orElseThrow(
                        () -> new ConfigException("the configuration says nothing about USIGs, which minbft needs"));
        UsigContext context = new UsigContext(directory, usig.settings());
        OpenUsig open = null;
        try {
            UsigProvider provider = UsigProvider.named(usig.provider());
            KnownUsigs all = new KnownUsigs(provider, context, usig.identities());
            Map<ReplicaId, List<UsigIdentity>> accepted =
                    memory.map(ReplicaMemory::acceptedUsigs).orElse(Map.of());
            accepted.forEach((of, usigs) -> usigs.forEach(one -> all.accept(of, one)));
            open = new OpenUsig(provider, context, all, config.maxMessageBytes());
            boolean remembers = memory.filter(kept -> kept.isAmnesic(bootstrap)).isEmpty();
            if (remembers) {
                List<UsigIdentity> own = accepted.getOrDefault(self, List.of(usig.identity(self)));
                open.open(memory, own.get(own.size() - 1), self);
            } else {
                refuseUnfit(provider, context, memory);
            }
            return open;
        } catch (IllegalArgumentException e) {
            close(open);
            throw new ConfigException("usig: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            close(open);
            throw e;
        }
    }

    /** One that is going to be renewed must have room for its counter, and that has to be known before anything is lost. */
    private static void refuseUnfit(UsigProvider provider, UsigContext context, Optional<ReplicaMemory> memory)
            throws IOException {
        try (Usig old = open(provider, context, memory.flatMap(ReplicaMemory::knownCounter), memory)) {
            if (old.durability() == UsigDurability.LOG) {
                requireSyncedLog(memory, context.directory());
            }
        } catch (UsigStateException e) {
            LOG.info("The USIG that is going to be renewed cannot be opened: {}", e.getMessage());
        }
    }

    private void open(Optional<ReplicaMemory> memory, UsigIdentity expected, ReplicaId self) throws IOException {
        Optional<KnownCounter> inLog = memory.flatMap(ReplicaMemory::knownCounter);
        Usig opened = open(provider, context, inLog, memory);
        try {
            boolean lost = opened.durability() == UsigDurability.VOLATILE
                    && opened.identity().epoch() > expected.epoch();
            if (lost && memory.isPresent()) {
                LOG.warn("{} has lost the counter of its USIG, which is volatile: it rejoins with a new epoch", self);
                memory.get().forget();
                opened.close();
                return;
            }
            requireFit(opened, expected, self, context.directory());
            if (opened.durability() == UsigDurability.LOG) {
                requireSyncedLog(memory, context.directory());
            }
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        use(opened, inLog);
    }

    private static void close(OpenUsig open) {
        if (open != null) {
            open.close();
        }
    }

    /**
     * Begins a new epoch, in which the others believe this replica once they have executed its REJOIN.
     *
     * @param least the lowest epoch that may be
     * @throws IOException if the provider cannot begin one
     */
    UsigIdentity renew(long least) throws IOException {
        long epoch = least;
        if (own != null) {
            epoch = Math.max(least, own.identity().epoch() + 1);
            closeOwn();
        }
        UsigIdentity identity = begin(epoch);
        KnownCounter start = new KnownCounter(identity.epoch(), 0);
        use(provider.open(context, Optional.of(start)), Optional.empty());
        return own.identity();
    }

    private UsigIdentity begin(long least) throws IOException {
        for (long epoch = least; ; epoch++) {
            try {
                return provider.renew(context, epoch);
            } catch (IllegalArgumentException e) {
                // What is in its directory may be of a higher one than this replica knows that it has ever had.
                if (epoch >= least + EPOCHS_AHEAD) {
                    throw new IOException("the USIG does not begin a new epoch: " + e.getMessage(), e);
                }
            }
        }
    }

    /** Believes another replica's new USIG. */
    void accept(Effect.AcceptUsig accepted) {
        all.accept(accepted.replica(), accepted.identity());
    }

    private static Usig open(
            UsigProvider provider, UsigContext context, Optional<KnownCounter> known, Optional<ReplicaMemory> memory)
            throws IOException {
        try {
            return provider.open(context, known);
        } catch (UsigStateException e) {
            if (e.reason() == UsigStateException.Reason.LOG_LOST) {
                requireSyncedLog(memory, context.directory()); // Else nothing is lost, it is just not looked for.
            }
            throw e;
        }
    }

    /** An identifier that was given out and then forgotten would be given out again, for another message. */
    private static void requireSyncedLog(Optional<ReplicaMemory> memory, Path directory) {
        boolean synced = memory.map(ReplicaMemory::durability)
                .filter(Durability.SYNC::equals)
                .isPresent();
        if (!synced) {
            throw new ConfigException("the USIG in " + directory
                    + " keeps its counter in the replica's log, which has to"
                    + " be synced for that, and "
                    + memory.map(kept -> "its durability is "
                                    + kept.durability().name().toLowerCase(Locale.ROOT))
                            .orElse("this replica has no storage(...)")
                    + ": use a store with durability sync, or make the USIGs again with counter: \"synced\" in"
                    + " usigSettings");
        }
    }

    private static void requireFit(Usig own, UsigIdentity expected, ReplicaId self, Path directory) {
        if (own.identity().equals(expected)) {
            return;
        }
        if (own.identity().provider().equals(expected.provider())
                && own.identity().epoch() > expected.epoch()) {
            throw new ConfigException("the USIG in " + directory + " has begun epoch "
                    + own.identity().epoch() + ", and the configuration knows " + self + " in epoch " + expected.epoch()
                    + (own.durability() == UsigDurability.VOLATILE
                            ? ": a volatile counter is lost with every stop, and such a replica cannot come back"
                            : ": such a replica comes back only without its store, if it has one: delete that, and"
                                    + " start it again, then it rejoins"));
        }
        throw new ConfigException("the USIG in " + directory + " is not the one that the configuration has for " + self
                + ": is it the directory of another replica, or of another cluster?");
    }

    private List<Bytes> recover(DraftFile file) throws IOException {
        List<IssuedUi> issued = own.certificatesAfter(confirmed);
        SortedMap<Long, Bytes> frames = file.open(issued);
        long missing = issued.stream()
                .map(each -> each.ui().counter())
                .filter(counter -> !frames.containsKey(counter))
                .count();
        if (missing > 0) {
            LOG.warn(
                    "{} of the last messages that the USIG has certified are not here: after a loss of power, or if"
                            + " somebody else used it. This replica takes part again if another one has them all",
                    missing);
        }
        return List.copyOf(frames.values());
    }

    /** For the replica's state machine. */
    public ReplicaUsig forReplica() {
        return new ReplicaUsig(new Current(), all, new UiDrafts() {
            @Override
            public void note(Bytes draft) throws IOException {
                OpenUsig.this.note(draft);
            }

            @Override
            public boolean outliveCrashes() {
                return drafts.isPresent();
            }
        });
    }

    /** Whether its counter is the tail of the replica's log. */
    boolean isInLog() {
        return own != null && own.durability() == UsigDurability.LOG;
    }

    /**
     * The replica starts: notes that the epoch has begun. Once it has given out something, a USIG whose counter is in the
     * log is only opened again if the log knows at least that.
     */
    void begin(ReplicaMemory memory) throws StoreException {
        boolean knows =
                known.isPresent() && known.get().epoch() == own.identity().epoch();
        if (isInLog() && !knows) {
            memory.note(counter());
        }
    }

    /** The last counter that it gave out. */
    KnownCounter counter() {
        return new KnownCounter(own.identity().epoch(), own.lastCounter());
    }

    /**
     * Whether so much was certified that is not in the replica's store yet that it has to be, before there is more: a crash
     * would leave counters without messages, once there are more of them than drafts.
     */
    boolean isMuchNotPersisted() {
        return drafts.isPresent() && last - persisted >= kept / 4;
    }

    /** All that it certified so far is in the replica's store, if it has one, durably. */
    void persisted() {
        persisted = last;
        try {
            if (isInLog() && confirmed < last) {
                confirm(last);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the USIG does not work", e);
        }
    }

    private void confirm(long counter) throws IOException {
        confirmed = counter;
        own.confirm(confirmed);
    }

    /** The frames of the messages that it certified last before it was opened, in the order of their counters. */
    List<Bytes> recovered() {
        return recovered;
    }

    private void note(Bytes draft) throws IOException {
        if (last - confirmed >= kept + atOnce) {
            boolean isFull = last - confirmed >= own.maxUnconfirmed();
            // What a crash may take has to be given out again. There are never so many in one round that there is no
            // room
            // for them; and with a counter in the log, what is said of it then comes true before anything leaves.
            confirm(isFull ? last - kept : Math.max(confirmed, Math.min(last - kept, persisted)));
        }
        if (drafts.isPresent()) {
            drafts.get().note(draft);
        }
        last++;
    }

    /** Lets others open it. Not while the replica runs; again: no effect. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeOwn();
        }
    }

    private void closeOwn() {
        try (Usig usig = own;
                DraftFile file = drafts.orElse(null)) {
            LOG.debug("closing {} and {}", usig, file);
        } catch (IOException | RuntimeException e) {
            LOG.warn("the USIG could not be closed", e);
        }
        own = null;
        drafts = Optional.empty();
    }

    /** The one that is in use: a renewal puts another in its place. */
    private final class Current implements Usig {
        private Usig get() {
            if (own == null) {
                throw new IllegalStateException("a replica that rejoins has nothing to say with a USIG yet");
            }
            return own;
        }

        @Override
        public UsigIdentity identity() {
            return get().identity();
        }

        @Override
        public UsigDurability durability() {
            return get().durability();
        }

        @Override
        public long lastCounter() {
            return get().lastCounter();
        }

        @Override
        public UniqueIdentifier createUi(Digest message) throws IOException {
            return get().createUi(message);
        }

        @Override
        public List<IssuedUi> certificatesAfter(long counter) throws IOException {
            return get().certificatesAfter(counter);
        }

        @Override
        public void confirm(long counter) throws IOException {
            get().confirm(counter);
        }

        @Override
        public long lastConfirmed() {
            return get().lastConfirmed();
        }

        @Override
        public int maxUnconfirmed() {
            return get().maxUnconfirmed();
        }

        @Override
        public void close() {
            // Whoever opened it closes it.
        }
    }
}
