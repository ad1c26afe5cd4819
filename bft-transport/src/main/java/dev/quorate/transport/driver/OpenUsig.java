package dev.quorate.transport.driver;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.ConfigException;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.UsigConfig;
import dev.quorate.core.runtime.ReplicaMemory;
import dev.quorate.core.runtime.ReplicaUsig;
import dev.quorate.core.storage.Durability;
import dev.quorate.core.storage.StoreException;
import dev.quorate.core.wire.UiVerifier;
import dev.quorate.crypto.Bytes;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    private final Usig own;
    private final UiVerifier all;
    private final Optional<DraftFile> drafts;
    private final Optional<KnownCounter> known;
    private final List<Bytes> recovered;
    private final int kept;
    private final int atOnce;
    private long last;
    private long confirmed;
    private boolean closed;

    private OpenUsig(Usig own, UiVerifier all, Optional<DraftFile> drafts, Optional<KnownCounter> known)
            throws IOException {
        this.known = known;
        this.own = own;
        this.all = all;
        this.drafts = drafts;
        int half = (own.maxUnconfirmed() - 1) / 2;
        kept = drafts.isPresent() ? Math.min(DraftFile.KEPT, half) : 0;
        atOnce = isInLog() ? own.maxUnconfirmed() : Math.max(1, Math.min(CONFIRM_AT_ONCE, half));
        last = own.lastCounter();
        confirmed = own.lastConfirmed();
        recovered = drafts.isPresent() ? recover(drafts.get()) : List.of();
    }

    /**
     * Opens the USIG of {@code self} in {@code directory}, which is made if it is not there: a USIG that lives elsewhere
     * needs none before.
     *
     * @param memory the replica's own, not recovered yet; empty if it keeps nothing
     * @throws ConfigException if there is no provider of the configured name, it does not take the settings, the USIG
     *     is not the one that the configuration has for this replica, or it keeps its counter where there is no room for it
     * @throws IOException if it cannot be opened; see {@link dev.quorate.usig.UsigStateException}
     */
    public static OpenUsig open(ClusterConfig config, ReplicaId self, Path directory, Optional<ReplicaMemory> memory)
            throws IOException {
        UsigConfig usig = config.usig()
                .orElseThrow(
                        () -> new ConfigException("the configuration says nothing about USIGs, which minbft needs"));
        UsigContext context = new UsigContext(directory, usig.settings());
        Usig own = null;
        DraftFile drafts = null;
        try {
            UsigProvider provider = UsigProvider.named(usig.provider());
            UiVerifier all = verifiers(provider, context, usig);
            Optional<KnownCounter> known = memory.flatMap(ReplicaMemory::knownCounter);
            own = open(provider, context, known, memory);
            requireFit(own, usig.identity(self), self, directory);
            if (own.durability() == UsigDurability.LOG) {
                requireSyncedLog(memory, directory);
            }
            if (own.durability() == UsigDurability.DURABLE) {
                Files.createDirectories(directory);
                drafts = new DraftFile(directory, config.maxMessageBytes());
            }
            return new OpenUsig(own, all, Optional.ofNullable(drafts), known);
        } catch (IllegalArgumentException e) {
            close(own, drafts);
            throw new ConfigException("usig: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            close(own, drafts);
            throw e;
        }
    }

    private static UiVerifier verifiers(UsigProvider provider, UsigContext context, UsigConfig usig)
            throws IOException {
        List<UsigVerifier> verifiers = new ArrayList<>();
        for (UsigIdentity identity : usig.identities()) {
            verifiers.add(provider.verifier(context, identity));
        }
        return (replica, message, ui) -> verifiers.get(replica.value()).verify(message, ui);
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
                            : ": such a replica cannot come back"));
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
        return new ReplicaUsig(own, all, this::note);
    }

    /** Whether its counter is the tail of the replica's log. */
    boolean isInLog() {
        return own.durability() == UsigDurability.LOG;
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

    /** All that it certified so far is in the replica's log, durably. */
    void persisted() {
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
            // With a counter in the log only if there are so many in one round, and then what is said of it comes true
            // before anything leaves.
            confirm(last - kept);
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
            close(own, drafts.orElse(null));
        }
    }

    private static void close(Usig usig, DraftFile drafts) {
        try (Usig own = usig;
                DraftFile file = drafts) {
            LOG.debug("closing {} and {}", own, file);
        } catch (IOException | RuntimeException e) {
            LOG.warn("the USIG could not be closed", e);
        }
    }
}
