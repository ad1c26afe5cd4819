package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the stream into messages: see {@link FrameHeader}. A frame without content keeps the channel alive and is dropped
 * here.
 *
 * <p>A frame that may not be ends the connection: nothing is allocated for it, what follows is ignored, and the next
 * handler gets a {@link Refusal} as a user event. So does a stream that ends inside a frame.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    private int maxFrameBytes;
    private Reassembly reassembly;
    private boolean broken;

    /** @param maxFrameBytes until {@link #allow} says otherwise: what a peer may send before it is known */
    FrameDecoder(int maxFrameBytes) {
        allow(maxFrameBytes, maxFrameBytes);
    }

    /**
     * From the next frame on, frames may have up to {@code frameBytes} bytes, and messages in several frames up to {@code
     * messageBytes}. On the channel's event loop.
     */
    void allow(int frameBytes, int messageBytes) {
        maxFrameBytes = frameBytes;
        reassembly = new Reassembly(frameBytes, messageBytes);
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
        int header = in.getInt(in.readerIndex());
        Optional<Refusal> refusal = refusal(header);
        if (refusal.isPresent()) {
            breakOff(ctx, in, refusal.get());
            return;
        }
        int length = FrameHeader.length(header);
        if (in.readableBytes() < Integer.BYTES + length) {
            return;
        }
        in.skipBytes(Integer.BYTES);
        byte[] content = new byte[length];
        in.readBytes(content);
        if (FrameHeader.isPiece(header)) {
            reassembly.add(content, FrameHeader.isLast(header)).ifPresent(out::add);
        } else if (length > 0) {
            out.add(Bytes.wrap(content));
        }
    }

    /** Judged by the header alone, before anything else of the frame is there. */
    private Optional<Refusal> refusal(int header) {
        int length = FrameHeader.length(header);
        if (length > maxFrameBytes || (FrameHeader.isPiece(header) && !reassembly.isAllowed())) {
            return Optional.of(new Refusal(
                    RejectionReason.OVERSIZE,
                    "a frame's length is given as " + header + ", more than " + maxFrameBytes + " or negative"));
        }
        return FrameHeader.isPiece(header) ? reassembly.refusal(length, FrameHeader.isLast(header)) : Optional.empty();
    }

    private void breakOff(ChannelHandlerContext ctx, ByteBuf in, Refusal refusal) {
        broken = true;
        reassembly.clear();
        in.skipBytes(in.readableBytes());
        ctx.fireUserEventTriggered(refusal);
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        decode(ctx, in, out);
        if (out.isEmpty() && in.isReadable() && !broken) {
            breakOff(ctx, in, new Refusal(RejectionReason.MALFORMED, "the stream ended inside a frame"));
        }
        reassembly.clear();
    }
}
