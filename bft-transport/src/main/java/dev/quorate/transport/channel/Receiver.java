package dev.quorate.transport.channel;

import dev.quorate.crypto.Bytes;

/** What one connection's frames are handed to, on the connection's event loop. */
public interface Receiver {
    /**
     * A message arrived, in one frame or in several: at most {@link TransportLimits.ChannelLimits#maxMessageBytes()}
     * bytes, and anything in them.
     */
    void received(Bytes frame);

    /** The connection has ended; nothing more comes. Called once. */
    void closed();
}
