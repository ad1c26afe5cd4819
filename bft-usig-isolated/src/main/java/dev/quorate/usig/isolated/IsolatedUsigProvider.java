package dev.quorate.usig.isolated;

import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigStateException.Reason;
import dev.quorate.usig.UsigVerifier;
import dev.quorate.usig.software.Ed25519UsigProvider;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The USIG {@code isolated}: in a process of its own ({@link Main}), which has to run before it is opened. Inside that
 * process is the software USIG {@code ed25519} with its counter synced.
 *
 * <p>The setting {@code socket} says where that process listens, relative to the replica's USIG directory; the default is
 * {@value #SOCKET_FILE}. A replica that has lost its memory has that process begin a new epoch.
 */
public final class IsolatedUsigProvider implements UsigProvider {
    public static final String NAME = "isolated";

    static final String SOCKET_FILE = "usig.sock";
    private static final String SOCKET = "socket";
    /** How long the process may take to notice that the client before is gone. */
    private static final int BUSY_ATTEMPTS = 100;

    private static final int BUSY_PAUSE_MILLIS = 20;

    private final UsigProvider inner = new Ed25519UsigProvider();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public UsigIdentity init(UsigContext context, long epoch) throws IOException {
        return renamed(inner.init(inner(context), epoch), NAME);
    }

    @Override
    public UsigIdentity renew(UsigContext context, long epoch) throws IOException {
        inner(context);
        try (IsolatedUsig usig = connect(context)) {
            return usig.renew(epoch);
        } catch (UsigStateException e) {
            boolean isHere = !context.settings().containsKey(SOCKET);
            if (e.reason() == Reason.UNREACHABLE && isHere) {
                return renewHere(context, epoch);
            }
            throw e;
        }
    }

    /** Begins a new epoch of the USIG in the context's directory, which no process serves. */
    UsigIdentity renewHere(UsigContext context, long epoch) throws IOException {
        return renamed(inner.renew(inner(context), epoch), NAME);
    }

    @Override
    public UsigVerifier verifier(UsigContext context, UsigIdentity identity) throws IOException {
        if (!identity.provider().equals(NAME)) {
            throw new IllegalArgumentException(
                    "an identity of the USIG '" + identity.provider() + "', where one of '" + NAME + "' is expected");
        }
        return inner.verifier(inner(context), renamed(identity, Ed25519UsigProvider.NAME));
    }

    /** Opens the USIG inside the USIG's process. */
    Usig openInner(Path directory) throws IOException {
        return inner.open(new UsigContext(directory), Optional.empty());
    }

    @Override
    public Usig open(UsigContext context, Optional<KnownCounter> known) throws IOException {
        inner(context);
        IsolatedUsig usig = connect(context);
        try {
            requireNotBehind(usig, known);
            return usig;
        } catch (IOException e) {
            usig.close();
            throw e;
        }
    }

    private static IsolatedUsig connect(UsigContext context) throws IOException {
        Path directory = context.directory();
        Path socket = directory.resolve(context.setting(SOCKET, SOCKET_FILE));
        for (int attempt = 0; attempt < BUSY_ATTEMPTS; attempt++) {
            SocketChannel channel = reach(directory, socket);
            try {
                Wire.Answer greeting = Wire.receiveAnswer(channel);
                if (greeting.status() == Wire.OK) {
                    IsolatedUsig usig = new IsolatedUsig(channel, greeting.content());
                    channel = null;
                    return usig;
                }
                if (greeting.status() != Wire.BUSY) {
                    throw new IOException("the USIG's process refuses: " + greeting.text());
                }
            } finally {
                if (channel != null) {
                    channel.close();
                }
            }
            pause();
        }
        throw new UsigStateException(
                Reason.IN_USE,
                "another client has the USIG on " + socket
                        + " open. Each replica needs a USIG of its own; if this one's"
                        + " replica is still running, stop it first");
    }

    private static SocketChannel reach(Path directory, Path socket) throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (SocketException e) {
            throw new UsigStateException(
                    Reason.UNREACHABLE,
                    "no USIG process can be reached on " + socket + " (" + e.getMessage()
                            + "). Start it first: java -jar usig-isolated.jar serve " + directory);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BUSY_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for the USIG");
        }
    }

    private static void requireNotBehind(Usig usig, Optional<KnownCounter> known) throws UsigStateException {
        KnownCounter own = new KnownCounter(usig.identity().epoch(), usig.lastCounter());
        boolean behind = known.isPresent()
                && (known.get().epoch() > own.epoch()
                        || (known.get().epoch() == own.epoch() && known.get().counter() > own.counter()));
        if (behind) {
            throw new UsigStateException(
                    Reason.ROLLED_BACK,
                    "the replica's log knows USIG epoch " + known.get().epoch() + " up to counter "
                            + known.get().counter() + ", and the USIG is in epoch " + own.epoch() + " at "
                            + own.counter() + ": an older copy of its directory was put back. Begin a new epoch (renew)"
                            + " and let the replica rejoin");
        }
    }

    private static UsigContext inner(UsigContext context) {
        context.requireKnown(NAME, List.of(SOCKET));
        return new UsigContext(context.directory());
    }

    private static UsigIdentity renamed(UsigIdentity identity, String provider) {
        return new UsigIdentity(provider, identity.epoch(), identity.key(), identity.attestation());
    }
}
