package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.wire.Peer;
import dev.quorate.crypto.Bytes;
import dev.quorate.transport.channel.ChannelSecurity.UnknownKeyException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel's last handler until both ends know each other: waits for TLS, finds out whose key the peer has, exchanges
 * HELLOs, and then makes way for a {@link ConnectionHandler}. Whatever goes wrong on the way closes the channel.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HandshakeHandler.class);

    private final ChannelSetup setup;
    private final Optional<Peer> dialled;
    private final Runnable opened;
    private Optional<Peer> peer = Optional.empty();
    private boolean ended;
    private ScheduledFuture<?> timeout;

    /**
     * @param dialled who is expected at the other end; empty if it was the other end that dialled
     * @param opened called once both ends know each other
     */
    HandshakeHandler(ChannelSetup setup, Optional<Peer> dialled, Runnable opened) {
        this.setup = setup;
        this.dialled = dialled;
        this.opened = opened;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timeout = ctx.executor()
                .schedule(() -> tooSlow(ctx), setup.limits().handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tooSlow(ChannelHandlerContext ctx) {
        if (dialled.isEmpty()) {
            refuse(ctx, RejectionReason.QUOTA_EXCEEDED, "the handshake took too long");
        } else {
            ended = true;
            LOG.info("{}: the handshake with {} took too long; trying again", setup.self(), dialled.get());
            Channels.close(ctx.channel());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timeout.cancel(false);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (tls.isSuccess()) {
                identify(ctx);
            } else {
                tlsFailed(ctx, tls.cause());
            }
        } else if (event instanceof Refusal refusal) {
            refuse(ctx, refusal.reason(), refusal.detail());
        }
    }

    private void identify(ChannelHandlerContext ctx) {
        try {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            peer = setup.members().owner(tls.engine().getSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            LOG.debug("No certificate", e);
        }
        if (peer.isEmpty()) {
            refuse(ctx, RejectionReason.UNKNOWN_SENDER, "a key that the cluster configuration does not have");
            return;
        }
        Optional<Refusal> refusal = setup.unexpected(peer.get(), dialled);
        if (refusal.isPresent()) {
            refuse(ctx, refusal.get().reason(), refusal.get().detail());
            return;
        }
        Bytes hello = setup.hello().encode();
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).putInt(0, hello.length());
        Channels.ignore(ctx.writeAndFlush(Unpooled.wrappedBuffer(length.array(), hello.unsafeArray())));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            return;
        }
        Optional<Hello> hello = Hello.decode((Bytes) message);
        if (peer.isEmpty() || hello.isEmpty()) {
            refuse(ctx, RejectionReason.MALFORMED, "the first frame is no HELLO");
            return;
        }
        Optional<Refusal> refusal = hello.get().refusedBy(setup.hello());
        if (refusal.isPresent()) {
            refuse(ctx, refusal.get().reason(), refusal.get().detail());
            return;
        }
        open(ctx, peer.get(), hello.get().session());
    }

    private void open(ChannelHandlerContext ctx, Peer known, long session) {
        TransportLimits.ChannelLimits limits = setup.limitsFor(known);
        Connection connection = new Connection(ctx.channel(), known, session, limits, setup.traffic());
        Optional<Receiver> receiver = setup.acceptor().opened(connection);
        if (receiver.isEmpty()) {
            refuse(ctx, RejectionReason.QUOTA_EXCEEDED, "too many connections of this peer, or of clients");
            return;
        }
        ended = true;
        setup.traffic().connected();
        opened.run();
        ctx.pipeline().get(FrameDecoder.class).allow(limits.maxFrameBytes(), limits.maxMessageBytes());
        ctx.pipeline()
                .replace(
                        this,
                        "connection",
                        new ConnectionHandler(connection, receiver.get(), setup.rejections(), setup.traffic()));
        // What was sent before the channel had its handler waits in the queue.
        connection.flush();
        if (known instanceof Peer.OfReplica && setup.self() instanceof Peer.OfReplica) {
            LOG.info("{}: connected to {}", setup.self(), connection);
        } else {
            LOG.debug("{}: connected to {}", setup.self(), connection);
        }
    }

    private void tlsFailed(ChannelHandlerContext ctx, Throwable cause) {
        if (hasCause(cause, UnknownKeyException.class)) {
            refuse(ctx, RejectionReason.UNKNOWN_SENDER, "a key that the cluster configuration does not have");
        } else if (cause instanceof NotSslRecordException) {
            refuse(ctx, RejectionReason.MALFORMED, "not TLS");
        } else if (cause instanceof SSLException && !hasCause(cause, ClosedChannelException.class)) {
            refuse(ctx, RejectionReason.MALFORMED, "the TLS handshake failed");
            LOG.debug("TLS with {} failed", ctx.channel().remoteAddress(), cause);
        } else {
            // The peer went away in the middle: a crash, or it does not know our key.
            ended = true;
            LOG.debug("No TLS with {}", ctx.channel().remoteAddress(), cause);
            Channels.close(ctx.channel());
        }
    }

    private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 16; cause = cause.getCause(), depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private void refuse(ChannelHandlerContext ctx, RejectionReason reason, String detail) {
        if (!ended) {
            ended = true;
            Object from = peer.or(() -> dialled)
                    .map(known -> known + " at " + ctx.channel().remoteAddress())
                    .orElseGet(() -> String.valueOf(ctx.channel().remoteAddress()));
            setup.rejections().rejected(reason, from, detail);
        }
        Channels.close(ctx.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Failed handshakes are reported as events as well; whatever else there is is no more than a broken connection.
        LOG.debug("Handshake with {} failed", ctx.channel().remoteAddress(), cause);
        Channels.close(ctx.channel());
    }
}
