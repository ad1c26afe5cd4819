package dev.quorate.usig.software;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.DirectoryLock;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What both software USIGs have in common: everything but the certificates. */
abstract class SoftwareUsigProvider implements UsigProvider {
    /** No epoch: what is in memory only needs no file. */
    private static final long IN_MEMORY = -1;

    private static final String LOCK_FILE = "usig.lock";

    private final String name;

    SoftwareUsigProvider(String name) {
        this.name = name;
    }

    /** Called when a USIG is made for the first time: makes what its kind shares, unless it is there. */
    abstract void prepare(Path directory) throws IOException;

    /** A new secret for {@code epoch}; with {@code keep}, one that {@link #load} will find after a loss of power. */
    abstract Certifier create(Path directory, long epoch, boolean keep) throws IOException;

    /** The secret that was kept for {@code identity}; throws {@link UsigStateException} if it is another one. */
    abstract Certifier load(Path directory, UsigIdentity identity) throws IOException;

    /** Removes the secrets of epochs that are over; those of {@code epoch} stay. */
    abstract void forgetAllBut(Path directory, long epoch) throws IOException;

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final UsigIdentity init(UsigContext context, long epoch) throws IOException {
        CounterMode mode = modeOf(context);
        Path directory = context.directory();
        Durably.createDirectory(directory);
        DirectoryLock lock = lock(directory);
        try (lock) {
            if (StateFile.exists(directory)) {
                throw new UsigStateException(
                        Reason.ALREADY_INITIALISED,
                        "there is a USIG in " + directory + " already: open it, or begin a new epoch (renew)");
            }
            prepare(directory);
            return begin(directory, mode, epoch);
        }
    }

    @Override
    public final UsigIdentity renew(UsigContext context, long epoch) throws IOException {
        CounterMode mode = modeOf(context);
        Path directory = context.directory();
        Durably.createDirectory(directory);
        DirectoryLock lock = lock(directory);
        try (lock) {
            Optional<Long> old = epochOf(directory);
            if (old.isPresent() && old.get() >= epoch) {
                throw new IllegalArgumentException(
                        "the USIG in " + directory + " is in epoch " + old.get() + ": the new epoch has to be higher");
            }
            UsigIdentity identity = begin(directory, mode, epoch);
            forgetAllBut(directory, epoch);
            return identity;
        }
    }

    @Override
    public final Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException {
        CounterMode mode = modeOf(context);
        Path directory = context.directory();
        if (!Files.isDirectory(directory)) {
            throw new UsigStateException(
                    Reason.NOT_INITIALISED, "there is no directory " + directory + ": initialise the USIG first");
        }
        DirectoryLock lock = lock(directory);
        try {
            StateHeader header = StateFile.readHeader(directory);
            requireFit(directory, header, mode);
            return mode == CounterMode.VOLATILE
                    ? openVolatile(directory, header, known, lock)
                    : openKept(directory, header, known, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Two users of one counter would give out the same values. */
    private static DirectoryLock lock(Path directory) throws IOException {
        Path real = directory.toRealPath();
        return DirectoryLock.take(
                real,
                LOCK_FILE,
                who -> new UsigStateException(
                        Reason.IN_USE,
                        who + " has the USIG in " + real + " open. Each replica needs a USIG directory of its own; if"
                                + " this one's replica is still running, stop it first"));
    }

    private Usig openKept(Path directory, StateHeader header, Optional<KnownCounter> known, DirectoryLock lock)
            throws IOException {
        Certifier certifier = load(directory, header.identity());
        StateFile file = StateFile.open(directory);
        try {
            Opening opening =
                    header.mode() == CounterMode.SYNCED ? Opening.synced(file, known) : Opening.fromLog(file, known);
            Closeable resources = () -> {
                try (lock) {
                    file.close();
                }
            };
            return new SoftwareUsig(header.identity(), header.mode(), certifier, opening, resources);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The epoch that {@link #init} began can be opened once; each later opening begins one with a key in memory only. */
    private Usig openVolatile(Path directory, StateHeader header, Optional<KnownCounter> known, DirectoryLock lock)
            throws IOException {
        long epoch = header.identity().epoch();
        Optional<KnownCounter> here = Opening.knownIn(epoch, known);
        if (!header.opened() && here.isPresent() && here.get().counter() > 0) {
            throw new UsigStateException(
                    Reason.ROLLED_BACK,
                    "the replica's log knows counter " + here.get().counter() + " of USIG epoch " + epoch
                            + ", which the USIG has not begun: an older copy of its directory was put back. "
                            + StateFile.ADVICE);
        }
        Certifier certifier =
                header.opened() ? create(directory, epoch + 1, false) : load(directory, header.identity());
        UsigIdentity identity = header.opened() ? identity(epoch + 1, certifier) : header.identity();
        StateFile.create(directory, StateHeader.of(CounterMode.VOLATILE, true, identity));
        forgetAllBut(directory, IN_MEMORY);
        return new SoftwareUsig(identity, CounterMode.VOLATILE, certifier, Opening.fresh(), lock);
    }

    private UsigIdentity begin(Path directory, CounterMode mode, long epoch) throws IOException {
        Certifier certifier = create(directory, epoch, true);
        UsigIdentity identity = identity(epoch, certifier);
        StateFile.create(directory, StateHeader.of(mode, false, identity));
        return identity;
    }

    private UsigIdentity identity(long epoch, Certifier certifier) {
        return new UsigIdentity(name, epoch, certifier.identityKey(), Bytes.EMPTY);
    }

    private CounterMode modeOf(UsigContext context) {
        context.requireKnown(name, List.of(CounterMode.SETTING));
        return CounterMode.of(context);
    }

    private void requireFit(Path directory, StateHeader header, CounterMode mode) throws UsigStateException {
        if (!header.identity().provider().equals(name)) {
            throw new UsigStateException(
                    Reason.MISMATCH,
                    "the USIG in " + directory + " is one of '"
                            + header.identity().provider() + "', not of '" + name
                            + "': correct the configuration, or begin a new epoch");
        }
        if (header.mode() != mode) {
            throw new UsigStateException(
                    Reason.MISMATCH,
                    "the USIG in " + directory + " keeps its counter '"
                            + header.mode().configName()
                            + "', and the setting is now '" + mode.configName()
                            + "': set it back, or begin a new epoch, which is when it may change");
        }
    }

    /** The epoch that the directory is in; empty if there is none, or it cannot be read. */
    private static Optional<Long> epochOf(Path directory) throws IOException {
        try {
            return Optional.of(StateFile.readHeader(directory).identity().epoch());
        } catch (UsigStateException e) {
            if (e.reason() == Reason.MISMATCH) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** For verifiers: software USIGs have no attestation, so whoever shows one means something else. */
    final void requireOwn(UsigIdentity identity) {
        if (!identity.provider().equals(name)) {
            throw new IllegalArgumentException(
                    "an identity of the USIG '" + identity.provider() + "', where one of '" + name + "' is expected");
        }
        if (!identity.attestation().isEmpty()) {
            throw new IllegalArgumentException("the USIG '" + name + "' has no attestation, and cannot check one");
        }
    }
}
