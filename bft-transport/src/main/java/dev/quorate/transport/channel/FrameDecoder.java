package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the stream into frames: a length of 4 bytes, big-endian, and as many bytes. A length of 0 keeps the channel alive
 * and is dropped here.
 *
 * <p>A length that is negative or above the limit ends the connection: nothing is allocated for it, what follows is
 * ignored, and the next handler gets a {@link Refusal} as a user event. So does a stream that ends inside a frame.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    private int maxFrameBytes;
    private boolean broken;

    /** @param maxFrameBytes until {@link #allow} says otherwise: what a peer may send before it is known */
    FrameDecoder(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** From the next frame on, frames may have up to {@code bytes} bytes. On the channel's event loop. */
    void allow(int bytes) {
        maxFrameBytes = bytes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (broken) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 0 || length > maxFrameBytes) {
            broken = true;
            in.skipBytes(in.readableBytes());
            ctx.fireUserEventTriggered(new Refusal(
                    RejectionReason.OVERSIZE,
                    "a frame's length is given as " + length + ", more than " + maxFrameBytes + " or negative"));
            return;
        }
        if (in.readableBytes() < Integer.BYTES + length) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        if (length > 0) {
            byte[] frame = new byte[length];
            in.readBytes(frame);
            out.add(Bytes.wrap(frame));
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        decode(ctx, in, out);
        if (out.isEmpty() && in.isReadable() && !broken) {
            broken = true;
            in.skipBytes(in.readableBytes());
            ctx.fireUserEventTriggered(new Refusal(RejectionReason.MALFORMED, "the stream ended inside a frame"));
        }
    }
}
