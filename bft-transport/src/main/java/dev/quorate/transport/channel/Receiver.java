package dev.quorate.transport.channel;

import dev.quorate.crypto.Bytes;

/** What one connection's frames are handed to, on the connection's event loop. */
public interface Receiver {
    /** A frame arrived: at most {@link TransportLimits.ChannelLimits#maxFrameBytes()} bytes, and anything in them. */
    void received(Bytes frame);

    /** The connection has ended; nothing more comes. Called once. */
    void closed();
}
