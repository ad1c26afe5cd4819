package dev.quorate.usig.isolated;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Serves one USIG to one client at a time, over a Unix domain socket. */
final class UsigServer implements Closeable {
    private final ServedUsig usig;
    private final Path socket;
    private final ServerSocketChannel server;

    // Guarded by this.
    private SocketChannel client;
    private IOException failure;
    private boolean closed;

    /**
     * Listens on {@code socket}, in the place of whatever a process before left there. Closes {@code usig} with itself.
     *
     * @param permissions of the socket, from the first instant at which it can be found
     */
    UsigServer(ServedUsig usig, Path socket, Set<PosixFilePermission> permissions) throws IOException {
        this.usig = usig;
        this.socket = socket;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            bind(permissions);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Bound in a directory that nobody else may enter, then moved to its place. */
    private void bind(Set<PosixFilePermission> permissions) throws IOException {
        Path aside = Files.createTempDirectory(
                socket.toAbsolutePath().getParent(),
                ".s",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path bound = aside.resolve("s");
        try {
            server.bind(UnixDomainSocketAddress.of(bound));
            Files.setPosixFilePermissions(bound, permissions);
            Files.move(bound, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(bound);
            Files.delete(aside);
        }
    }

    /** Serves until {@link #close}; throws what the USIG threw if it failed. */
    void run() throws IOException {
        try {
            while (true) {
                welcome(server.accept());
            }
        } catch (ClosedChannelException e) {
            synchronized (this) {
                if (failure != null) {
                    throw failure;
                }
            }
        }
    }

    private void welcome(SocketChannel accepted) {
        synchronized (this) {
            if (client == null && !closed) {
                client = accepted;
                Thread worker = new Thread(() -> serve(accepted), "usig-client");
                worker.setDaemon(true);
                worker.start();
                return;
            }
        }
        try (accepted) {
            Wire.answer(accepted, Wire.BUSY, new byte[0]);
        } catch (IOException e) {
            // It did not wait for the answer.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            UsigSession session = new UsigSession(usig, channel);
            session.greet();
            while (session.serveNext()) {
                // One after the other.
            }
        } catch (UsigSession.UsigFailedException e) {
            fail(e.failure());
        } catch (IOException e) {
            // The client is gone, or speaks something else. The next one may do better.
        } finally {
            synchronized (this) {
                client = null;
                notifyAll();
            }
        }
    }

    private void fail(IOException e) {
        synchronized (this) {
            failure = e;
        }
        try {
            server.close();
        } catch (IOException again) {
            e.addSuppressed(again);
        }
    }

    /** Whether the USIG itself failed. */
    synchronized boolean hasFailed() {
        return failure != null;
    }

    /** Lets the request that is being served finish its write, then closes everything. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            server.close();
            if (client != null) {
                client.close();
            }
            boolean interrupted = false;
            while (client != null) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        Files.deleteIfExists(socket);
        usig.close();
    }
}
