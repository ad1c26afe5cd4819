package dev.quorate.transport.channel;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.RejectionReason;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections. Those whose peer is not known yet are bounded: one more than that pushes out the oldest, so that
 * whoever opens connections and says nothing cannot keep others out. Thread-safe.
 */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 1024;

    private final ChannelSetup setup;
    private final Channel server;
    /** In the order of their arrival. Guarded by itself. */
    private final Set<Channel> unauthenticated = new LinkedHashSet<>();

    /** Listens; throws {@link IOException} that says where it cannot. */
    public Listener(EventLoopGroup loops, ChannelSetup setup, ReplicaInfo self) throws IOException {
        this.setup = setup;
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                })
                .bind(localAddress(self))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    self.id() + " cannot listen at " + self.host() + ":" + self.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        server = bound.channel();
    }

    /** The configured address, so that nobody else can connect; all addresses if that is not one of this machine. */
    private static InetSocketAddress localAddress(ReplicaInfo self) throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(self.host());
        } catch (UnknownHostException e) {
            throw new IOException(self.id() + " cannot listen at " + self.host() + ": no host of that name", e);
        }
        if (NetworkInterface.getByInetAddress(address) == null) {
            LOG.info("{} is not an address of this machine: {} listens at all of them", address, self.id());
            return new InetSocketAddress(self.port());
        }
        return new InetSocketAddress(address, self.port());
    }

    private void accept(Channel channel) {
        setup.prepare(channel, Optional.empty(), () -> known(channel));
        Channel oldest = null;
        synchronized (unauthenticated) {
            unauthenticated.add(channel);
            if (unauthenticated.size() > setup.limits().maxUnauthenticated()) {
                Iterator<Channel> inOrder = unauthenticated.iterator();
                oldest = inOrder.next();
                inOrder.remove();
            }
        }
        if (oldest != null) {
            setup.rejections()
                    .rejected(
                            RejectionReason.QUOTA_EXCEEDED,
                            oldest.remoteAddress(),
                            "too many connections whose peers do not say who they are");
            Channels.close(oldest);
        }
        Channels.ignore(channel.closeFuture().addListener(closed -> known(channel)));
    }

    /** The channel does not count as one of unknown peers any more. */
    private void known(Channel channel) {
        synchronized (unauthenticated) {
            unauthenticated.remove(channel);
        }
    }

    /** Stops listening; what was accepted stays. Returns at once. */
    public void close() {
        Channels.ignore(server.close());
    }
}
