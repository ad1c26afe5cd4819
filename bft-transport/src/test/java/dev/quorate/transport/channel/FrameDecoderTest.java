package dev.quorate.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final int LIMIT = 64;

    private final List<Refusal> refusals = new ArrayList<>();

    private EmbeddedChannel channel() {
        return new EmbeddedChannel(new FrameDecoder(LIMIT), new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof Refusal refusal) {
                    refusals.add(refusal);
                }
            }
        });
    }

    private static List<Bytes> received(EmbeddedChannel channel) {
        List<Bytes> frames = new ArrayList<>();
        for (Bytes frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            frames.add(frame);
        }
        return frames;
    }

    @Property(tries = 200)
    void framesComeOutAsTheyWentInHoweverTheStreamIsCut(
            @ForAll @Size(max = 8) List<@Size(min = 1, max = LIMIT) byte[]> frames,
            @ForAll @IntRange(min = 1, max = 100) int piece) {
        EmbeddedChannel channel = channel();
        ByteBuf stream = Unpooled.buffer();
        for (byte[] frame : frames) {
            stream.writeInt(frame.length).writeBytes(frame);
            stream.writeInt(0); // keep-alives in between are dropped
        }
        while (stream.isReadable()) {
            channel.writeInbound(stream.readBytes(Math.min(piece, stream.readableBytes())));
        }
        assertThat(received(channel))
                .isEqualTo(frames.stream().map(Bytes::copyOf).toList());
        channel.finish();
        assertThat(refusals).isEmpty();
    }

    @Test
    @DisplayName("X2 The limit holds to the byte, and may be raised")
    void x2TheLimitHoldsToTheByte() {
        EmbeddedChannel channel = channel();
        channel.writeInbound(Unpooled.buffer().writeInt(LIMIT).writeBytes(new byte[LIMIT]));
        assertThat(received(channel)).hasSize(1);
        channel.pipeline().get(FrameDecoder.class).allow(LIMIT + 1, LIMIT + 1);
        channel.writeInbound(Unpooled.buffer().writeInt(LIMIT + 1).writeBytes(new byte[LIMIT + 1]));
        assertThat(received(channel)).hasSize(1);
        assertThat(refusals).isEmpty();
        channel.writeInbound(Unpooled.buffer().writeInt(LIMIT + 2));
        assertThat(refusals).extracting(Refusal::reason).containsExactly(RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName("X2 Nothing is read after a bad length")
    void x2NothingIsReadAfterABadLength() {
        EmbeddedChannel channel = channel();
        channel.writeInbound(Unpooled.buffer().writeInt(-1).writeInt(1).writeByte(7));
        channel.writeInbound(Unpooled.buffer().writeInt(1).writeByte(7));
        channel.finish();
        assertThat(received(channel)).isEmpty();
        assertThat(refusals).extracting(Refusal::reason).containsExactly(RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName("X1 A stream that ends inside a frame, or inside a length")
    void x1TheStreamEndsInside() {
        EmbeddedChannel insideFrame = channel();
        insideFrame.writeInbound(Unpooled.buffer().writeInt(10).writeByte(1));
        insideFrame.finish();
        EmbeddedChannel insideLength = channel();
        insideLength.writeInbound(Unpooled.buffer().writeByte(0));
        insideLength.finish();
        assertThat(refusals)
                .extracting(Refusal::reason)
                .containsExactly(RejectionReason.MALFORMED, RejectionReason.MALFORMED);
    }
}
