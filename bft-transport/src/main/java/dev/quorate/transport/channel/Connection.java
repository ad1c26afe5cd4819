package dev.quorate.transport.channel;

import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.TransportLimits.ChannelLimits;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/** A channel both of whose ends know each other. Thread-safe. */
public final class Connection {
    private final Channel channel;
    private final Peer peer;
    private final long session;
    private final ChannelLimits limits;
    private final Outbox outbox;

    Connection(Channel channel, Peer peer, long session, ChannelLimits limits, Traffic traffic) {
        this.channel = channel;
        this.peer = peer;
        this.session = session;
        this.limits = limits;
        this.outbox = new Outbox(channel, limits, traffic);
    }

    /** Who is at the other end. */
    public Peer peer() {
        return peer;
    }

    /** The session that a client named; 0 for replicas. */
    public long session() {
        return session;
    }

    public ChannelLimits limits() {
        return limits;
    }

    /** The thread on which the connection's {@link Receiver} is called. */
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /**
     * Queues a frame; it leaves with the next {@link #flush()}. May get lost: if the queue is full, or the connection
     * ends.
     *
     * @return false if the queue was full
     */
    public boolean send(Bytes frame) {
        return outbox.offer(frame);
    }

    /** Lets what was queued leave. */
    public void flush() {
        outbox.flush();
    }

    /** Whether to go on reading: a receiver that has too much to do says no, and the peer's sending will stall. */
    public void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    /** Ends the connection, without waiting for it. */
    public void close() {
        Channels.close(channel);
    }

    void writable() {
        outbox.drain();
    }

    @Override
    public String toString() {
        return peer + " at " + channel.remoteAddress();
    }
}
