package dev.quorate.transport.channel;

import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.TransportLimits.ChannelLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The frames that wait to be written to one channel. Bounded; what does not fit is dropped, since the protocol repairs
 * losses by itself. Whatever waits goes out together: few TLS records, one flush. Thread-safe.
 */
final class Outbox {
    /** How much is written at once: small enough to stop soon when the peer does not read. */
    private static final int CHUNK_BYTES = 64 << 10;

    private final Channel channel;
    private final ChannelLimits limits;
    private final Traffic traffic;

    private final Queue<Bytes> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final Runnable drain = this::drain;

    Outbox(Channel channel, ChannelLimits limits, Traffic traffic) {
        this.channel = channel;
        this.limits = limits;
        this.traffic = traffic;
    }

    /** Whether there was room for {@code frame}. It goes out with the next {@link #flush}. */
    boolean offer(Bytes frame) {
        int size = Integer.BYTES + frame.length();
        boolean fits = frames.incrementAndGet() <= limits.outgoingFrames();
        fits &= bytes.addAndGet(size) <= limits.outgoingBytes();
        if (!fits) {
            taken(size);
            traffic.dropped();
            return false;
        }
        waiting.add(frame);
        return true;
    }

    /** Has what waits written soon. */
    void flush() {
        if (!drainScheduled.get() && drainScheduled.compareAndSet(false, true)) {
            channel.eventLoop().execute(drain);
        }
    }

    /** Writes what waits, as far as the channel takes it. On its event loop. */
    void drain() {
        drainScheduled.set(false);
        while (channel.isActive() && channel.isWritable()) {
            ByteBuf chunk = nextChunk();
            if (chunk == null) {
                return;
            }
            Channels.ignore(channel.writeAndFlush(chunk));
        }
    }

    /** As many frames as make a chunk, at least one; null if none waits. */
    private ByteBuf nextChunk() {
        Bytes frame = waiting.poll();
        if (frame == null) {
            return null;
        }
        ByteBuf chunk = channel.alloc().heapBuffer(Integer.BYTES + frame.length());
        while (frame != null) {
            chunk.writeInt(frame.length());
            chunk.writeBytes(frame.unsafeArray());
            traffic.sent(frame.length());
            taken(Integer.BYTES + frame.length());
            frame = chunk.readableBytes() < CHUNK_BYTES ? waiting.poll() : null;
        }
        return chunk;
    }

    private void taken(int size) {
        frames.decrementAndGet();
        bytes.addAndGet(-size);
    }
}
