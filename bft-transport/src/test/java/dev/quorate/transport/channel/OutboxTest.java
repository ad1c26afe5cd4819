package dev.quorate.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.TransportLimits.ChannelLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Traffic traffic = new Traffic();

    private Outbox outbox(int frames, long bytes) {
        return new Outbox(channel, new ChannelLimits(0, 0, 1 << 20, frames, bytes, 0, 0), traffic);
    }

    private static Bytes frame(int length) {
        return Bytes.wrap(new byte[length]);
    }

    @Test
    void smallFramesLeaveTogether() {
        Outbox outbox = outbox(100, 1 << 20);
        for (int i = 0; i < 50; i++) {
            assertThat(outbox.offer(frame(10))).isTrue();
        }
        outbox.flush();
        channel.runPendingTasks();
        ByteBuf chunk = channel.readOutbound();
        assertThat(chunk.readableBytes()).isEqualTo(50 * 14);
        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(traffic.framesSent()).isEqualTo(50);
        assertThat(traffic.bytesSent()).isEqualTo(500);
        chunk.release();
    }

    @Test
    @DisplayName("N11 The bound on frames holds, and room comes back")
    void n11BoundOnFrames() {
        Outbox outbox = outbox(3, 1 << 20);
        for (int i = 0; i < 3; i++) {
            assertThat(outbox.offer(frame(1))).isTrue();
        }
        assertThat(outbox.offer(frame(1))).isFalse();
        assertThat(traffic.framesDropped()).isEqualTo(1);
        outbox.flush();
        channel.runPendingTasks();
        assertThat(outbox.offer(frame(1))).isTrue();
        channel.releaseOutbound();
    }

    @Test
    @DisplayName("N11 The bound on bytes holds to the byte, lengths included")
    void n11BoundOnBytes() {
        Outbox outbox = outbox(100, 100);
        assertThat(outbox.offer(frame(97))).isFalse();
        assertThat(outbox.offer(frame(96))).isTrue();
        assertThat(outbox.offer(frame(1))).isFalse();
        assertThat(traffic.framesDropped()).isEqualTo(2);
    }

    @Test
    void largeFramesLeaveInOrder() {
        Outbox outbox = outbox(100, 10 << 20);
        for (int i = 1; i <= 5; i++) {
            outbox.offer(frame(100_000 * i));
        }
        outbox.flush();
        channel.runPendingTasks();
        for (int i = 1; i <= 5; i++) {
            ByteBuf chunk = channel.readOutbound();
            assertThat(chunk.readInt()).isEqualTo(100_000 * i);
            assertThat(chunk.readableBytes()).isEqualTo(100_000 * i);
            chunk.release();
        }
    }
}
