package dev.quorate.transport.channel;

import java.util.Optional;

/** Decides whether a peer that proved who it is may stay connected. */
@FunctionalInterface
public interface Acceptor {
    /**
     * A connection stands. Called on its event loop, before anything is received over it.
     *
     * @return who receives; empty if the peer has too many connections already
     */
    Optional<Receiver> opened(Connection connection);
}
