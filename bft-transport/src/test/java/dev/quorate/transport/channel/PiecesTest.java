package dev.quorate.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.TransportLimits.ChannelLimits;
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

/** Messages that are larger than a frame. */
class PiecesTest {
    private static final int FRAME = 64;
    private static final int MESSAGE = 1000;

    private final List<Refusal> refusals = new ArrayList<>();

    private EmbeddedChannel receiver() {
        FrameDecoder decoder = new FrameDecoder(1);
        decoder.allow(FRAME, MESSAGE);
        return new EmbeddedChannel(decoder, new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof Refusal refusal) {
                    refusals.add(refusal);
                }
            }
        });
    }

    private static List<Bytes> received(EmbeddedChannel channel) {
        List<Bytes> messages = new ArrayList<>();
        for (Bytes message = channel.readInbound(); message != null; message = channel.readInbound()) {
            messages.add(message);
        }
        return messages;
    }

    private static Outbox outbox(EmbeddedChannel channel, Traffic traffic) {
        return new Outbox(channel, new ChannelLimits(FRAME, MESSAGE, FRAME, 1000, 1 << 20, 0, 0), traffic);
    }

    private static Bytes message(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (length + 31 * i);
        }
        return Bytes.wrap(bytes);
    }

    private static ByteBuf all(EmbeddedChannel channel) {
        ByteBuf stream = Unpooled.buffer();
        for (ByteBuf chunk = channel.readOutbound(); chunk != null; chunk = channel.readOutbound()) {
            stream.writeBytes(chunk);
            chunk.release();
        }
        return stream;
    }

    @Property(tries = 300)
    void messagesOfAnySizeArriveLargeOnesInOrderAndSmallOnesInOrder(
            @ForAll @Size(max = 12) List<@IntRange(min = 1, max = MESSAGE) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 200) int cut) {
        EmbeddedChannel sender = new EmbeddedChannel();
        Traffic traffic = new Traffic();
        Outbox outbox = outbox(sender, traffic);
        List<Bytes> sent = sizes.stream().map(PiecesTest::message).toList();
        sent.forEach(message -> assertThat(outbox.offer(message)).isTrue());
        outbox.flush();
        sender.runPendingTasks();
        ByteBuf stream = all(sender);
        EmbeddedChannel receiver = receiver();
        while (stream.isReadable()) {
            receiver.writeInbound(stream.readBytes(Math.min(cut, stream.readableBytes())));
        }
        List<Bytes> arrived = received(receiver);
        assertThat(arrived.stream().filter(m -> m.length() > FRAME).toList())
                .isEqualTo(sent.stream().filter(m -> m.length() > FRAME).toList());
        assertThat(arrived.stream().filter(m -> m.length() <= FRAME).toList())
                .isEqualTo(sent.stream().filter(m -> m.length() <= FRAME).toList());
        assertThat(arrived).hasSize(sent.size());
        receiver.finish();
        assertThat(refusals).isEmpty();
        assertThat(traffic.framesSent()).isEqualTo(sent.size());
        // All room has been given back.
        assertThat(outbox.offer(message(MESSAGE))).isTrue();
    }

    @Test
    void whatIsSmallPassesBetweenThePiecesOfWhatIsLarge() {
        EmbeddedChannel sender = new EmbeddedChannel();
        // The first piece leaves as soon as the large message is there, and a vote comes after that.
        Outbox outbox = outbox(sender, new Traffic());
        outbox.offer(message(3 * FRAME));
        outbox.offer(message(10));
        outbox.offer(message(11));
        outbox.flush();
        sender.runPendingTasks();
        EmbeddedChannel receiver = receiver();
        ByteBuf stream = all(sender);
        receiver.writeInbound(stream);
        assertThat(received(receiver)).containsExactly(message(10), message(11), message(3 * FRAME));
    }

    @Test
    void aMessageOfOneFrameIsNotTakenApart() {
        EmbeddedChannel sender = new EmbeddedChannel();
        Outbox outbox = outbox(sender, new Traffic());
        outbox.offer(message(FRAME));
        outbox.flush();
        sender.runPendingTasks();
        assertThat(all(sender).readInt()).isEqualTo(FRAME);
    }

    private static ByteBuf piece(int length, boolean last) {
        return Unpooled.buffer().writeInt(FrameHeader.piece(length, last)).writeBytes(new byte[length]);
    }

    private void assertRefused(EmbeddedChannel receiver, RejectionReason reason) {
        assertThat(refusals).extracting(Refusal::reason).containsExactly(reason);
        receiver.writeInbound(Unpooled.buffer().writeInt(1).writeByte(7));
        assertThat(received(receiver)).isEmpty();
        refusals.clear();
    }

    @Test
    @DisplayName("X2 The pieces of a message are bounded to the byte, before the one too many is there")
    void x2PiecesBeyondTheLimit() {
        int whole = MESSAGE / FRAME;
        EmbeddedChannel exact = receiver();
        for (int i = 0; i < whole; i++) {
            exact.writeInbound(piece(FRAME, false));
        }
        exact.writeInbound(piece(MESSAGE % FRAME, true));
        assertThat(received(exact)).extracting(Bytes::length).containsExactly(MESSAGE);
        EmbeddedChannel more = receiver();
        for (int i = 0; i < whole; i++) {
            more.writeInbound(piece(FRAME, false));
        }
        more.writeInbound(Unpooled.buffer().writeInt(FrameHeader.piece(MESSAGE % FRAME + 1, true)));
        assertRefused(more, RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName("X2 Pieces that no correct peer sends")
    void x2PiecesThatMakeNoSense() {
        EmbeddedChannel small = receiver();
        small.writeInbound(piece(FRAME - 1, false));
        assertRefused(small, RejectionReason.MALFORMED);
        EmbeddedChannel empty = receiver();
        empty.writeInbound(piece(0, false));
        assertRefused(empty, RejectionReason.MALFORMED);
        EmbeddedChannel needless = receiver();
        needless.writeInbound(piece(5, true));
        assertRefused(needless, RejectionReason.MALFORMED);
        EmbeddedChannel emptyLast = receiver();
        emptyLast.writeInbound(piece(FRAME, false));
        emptyLast.writeInbound(piece(0, true));
        assertRefused(emptyLast, RejectionReason.MALFORMED);
        EmbeddedChannel large = receiver();
        large.writeInbound(Unpooled.buffer().writeInt(FrameHeader.piece(FRAME + 1, false)));
        assertRefused(large, RejectionReason.OVERSIZE);
        EmbeddedChannel nonsense = receiver();
        nonsense.writeInbound(Unpooled.buffer().writeInt(1 << 30));
        assertRefused(nonsense, RejectionReason.OVERSIZE);
    }

    @Test
    @DisplayName("X2 Where messages have to come whole, pieces are refused")
    void x2PiecesWhereNoneMayBe() {
        EmbeddedChannel receiver = receiver();
        receiver.pipeline().get(FrameDecoder.class).allow(FRAME, FRAME);
        receiver.writeInbound(piece(FRAME, false));
        assertRefused(receiver, RejectionReason.OVERSIZE);
    }

    @Test
    void keepAlivesMayStandBetweenPieces() {
        EmbeddedChannel receiver = receiver();
        receiver.writeInbound(piece(FRAME, false), Unpooled.buffer().writeInt(0), piece(1, true));
        assertThat(received(receiver)).extracting(Bytes::length).containsExactly(FRAME + 1);
        assertThat(refusals).isEmpty();
    }
}
