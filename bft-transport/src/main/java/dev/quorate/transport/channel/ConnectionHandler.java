package dev.quorate.transport.channel;

import dev.quorate.crypto.Bytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last handler of a channel both of whose ends know each other: hands on frames, and keeps the channel alive. */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);
    private static final byte[] EMPTY_FRAME = new byte[Integer.BYTES];

    private final Connection connection;
    private final Receiver receiver;
    private final Rejections rejections;
    private final Traffic traffic;

    ConnectionHandler(Connection connection, Receiver receiver, Rejections rejections, Traffic traffic) {
        this.connection = connection;
        this.receiver = receiver;
        this.rejections = rejections;
        this.traffic = traffic;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Bytes frame = (Bytes) message;
        traffic.received(frame.length());
        receiver.received(frame);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        connection.writable();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Refusal refusal) {
            rejections.rejected(refusal.reason(), connection, refusal.detail());
            connection.close();
        } else if (event instanceof IdleStateEvent idle && idle.state() == IdleState.WRITER_IDLE) {
            // Not through the queue: if that is full, the channel has been written to not long ago.
            if (ctx.channel().isWritable()) {
                Channels.ignore(ctx.writeAndFlush(Unpooled.wrappedBuffer(EMPTY_FRAME)));
            }
        } else if (event instanceof IdleStateEvent idle && idle.state() == IdleState.READER_IDLE) {
            LOG.info("Nothing came from {} for long: closing the connection", connection);
            connection.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        receiver.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("Connection to {} broke: {}", connection, cause.getMessage());
        } else {
            LOG.warn("Closing the connection to {}", connection, cause);
        }
        connection.close();
    }
}
