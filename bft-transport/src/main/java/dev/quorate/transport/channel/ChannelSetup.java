package dev.quorate.transport.channel;

import dev.quorate.core.RejectionReason;
import dev.quorate.core.wire.Peer;
import dev.quorate.transport.channel.TransportLimits.ChannelLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What all channels of one replica or client have in common. Immutable.
 *
 * <p>Two replicas have one connection, which the one with the <em>lower</em> id dials; clients dial all replicas. Hence a
 * replica accepts connections of clients and of replicas with lower ids only.
 *
 * @param self who this side is
 * @param hello what this side says first
 * @param dialling its key, and the keys that it accepts, where it dials
 * @param accepting the same where it is dialled; empty for clients
 * @param members who may be at the other end
 * @param tlsTasks carries out the expensive steps of handshakes, so that event loops do not wait for them
 */
public record ChannelSetup(
        Peer self,
        Hello hello,
        ChannelSecurity dialling,
        Optional<ChannelSecurity> accepting,
        Members members,
        TransportLimits limits,
        Rejections rejections,
        Traffic traffic,
        Executor tlsTasks,
        Acceptor acceptor) {

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 << 10, 256 << 10);

    /**
     * Prepares a channel that this side dials, or accepts if {@code dialled} is empty.
     *
     * @param opened called on the channel's event loop as soon as both ends know each other
     */
    void prepare(Channel channel, Optional<Peer> dialled, Runnable opened) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        SslContext context = (dialled.isPresent() ? dialling : accepting.orElseThrow()).context();
        SslHandler tls = context.newHandler(channel.alloc(), tlsTasks);
        // The handshake handler has one timeout for TLS and HELLO together.
        tls.setHandshakeTimeoutMillis(0);
        // Channels.close cuts off a peer that does not read, without a line in the log for each.
        tls.setCloseNotifyFlushTimeoutMillis(0);
        channel.pipeline()
                .addLast("tls", tls)
                .addLast(
                        "idle",
                        new IdleStateHandler(
                                limits.idleTimeout().toMillis(),
                                limits.keepAlive().toMillis(),
                                0,
                                TimeUnit.MILLISECONDS))
                .addLast("frames", new FrameDecoder(Hello.LENGTH))
                .addLast("handshake", new HandshakeHandler(this, dialled, opened));
    }

    ChannelLimits limitsFor(Peer peer) {
        if (self instanceof Peer.OfClient) {
            return limits.clientSide();
        }
        return peer instanceof Peer.OfReplica ? limits.replica() : limits.client();
    }

    /** Why a connection should not exist, or not in this direction; empty if it may. */
    Optional<Refusal> unexpected(Peer peer, Optional<Peer> dialled) {
        if (dialled.isPresent()) {
            return dialled.get().equals(peer)
                    ? Optional.empty()
                    : Optional.of(new Refusal(
                            RejectionReason.WRONG_SENDER,
                            "dialled " + dialled.get() + ", but " + peer
                                    + " answered: check the hosts and ports in the cluster configuration"));
        }
        if (peer instanceof Peer.OfReplica other
                && self instanceof Peer.OfReplica own
                && other.id().compareTo(own.id()) >= 0) {
            return Optional.of(new Refusal(
                    RejectionReason.NOT_PERMITTED, "it dialled, but between replicas the one with the lower id dials"));
        }
        return Optional.empty();
    }
}
