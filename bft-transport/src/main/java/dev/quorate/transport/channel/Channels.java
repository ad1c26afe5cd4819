package dev.quorate.transport.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What is done to channels in several places. */
final class Channels {
    private static final long CLOSE_TIMEOUT_MILLIS = 200;

    private Channels() {}

    /** For futures whose outcome is learned otherwise: a channel that fails is closed, and its close is noticed. */
    static void ignore(Future<?> future) {
        // Nothing depends on it.
    }

    /**
     * Closes a channel without waiting for that. TLS says goodbye first; a peer that does not read must not keep the
     * channel open for that, and is cut off after a moment.
     */
    static void close(Channel channel) {
        ignore(channel.close());
        if (channel.isOpen()) {
            try {
                ignore(channel.eventLoop()
                        .schedule(() -> cutOff(channel), CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
            } catch (RejectedExecutionException e) {
                // The event loop is ending, and closes its channels itself.
            }
        }
    }

    private static void cutOff(Channel channel) {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls != null && channel.isOpen()) {
            // From behind the handler, which would wait for its goodbye to leave.
            ignore(tls.close());
        }
    }
}
