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
 * losses by itself. Whatever waits goes out together: few TLS records, one flush.
 *
 * <p>A message that is too large for a frame leaves piece by piece, and what is smaller passes between the pieces, so
 * that a large message does not hold up votes. Large ones keep their order among themselves, and so do the others.
 * Thread-safe.
 */
final class Outbox {
    /** How much is written at once: small enough to stop soon when the peer does not read. */
    private static final int CHUNK_BYTES = 64 << 10;

    private final Channel channel;
    private final ChannelLimits limits;
    private final Traffic traffic;

    private final Queue<Bytes> waiting = new ConcurrentLinkedQueue<>();
    /** What has to leave in pieces. */
    private final Queue<Bytes> large = new ConcurrentLinkedQueue<>();

    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final Runnable drain = this::drain;

    // Only on the event loop.
    private Bytes splitting;
    private int splitAt;

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
        (frame.length() > limits.pieceBytes() ? large : waiting).add(frame);
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

    /** As many frames as make a chunk, and a piece of a large message; null if nothing waits. */
    private ByteBuf nextChunk() {
        if (splitting == null) {
            splitting = large.poll();
            splitAt = 0;
        }
        Bytes frame = waiting.poll();
        if (frame == null && splitting == null) {
            return null;
        }
        ByteBuf chunk = channel.alloc().heapBuffer(Integer.BYTES + (frame == null ? pieceLength() : frame.length()));
        while (frame != null) {
            chunk.writeInt(FrameHeader.whole(frame.length()));
            chunk.writeBytes(frame.unsafeArray());
            sent(frame);
            frame = chunk.readableBytes() < CHUNK_BYTES ? waiting.poll() : null;
        }
        if (splitting != null) {
            writePiece(chunk);
        }
        return chunk;
    }

    private int pieceLength() {
        return Math.min(limits.pieceBytes(), splitting.length() - splitAt);
    }

    private void writePiece(ByteBuf chunk) {
        int length = pieceLength();
        boolean last = splitAt + length == splitting.length();
        chunk.writeInt(FrameHeader.piece(length, last));
        chunk.writeBytes(splitting.unsafeArray(), splitAt, length);
        splitAt += length;
        if (last) {
            sent(splitting);
            splitting = null;
        }
    }

    private void sent(Bytes message) {
        traffic.sent(message.length());
        taken(Integer.BYTES + message.length());
    }

    private void taken(int size) {
        frames.decrementAndGet();
        bytes.addAndGet(-size);
    }
}
