package dev.quorate.transport.channel;

import dev.quorate.core.ClusterConfig.ReplicaInfo;
import dev.quorate.core.wire.Peer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to one replica, and connects again whenever the connection is lost, until it is closed. Thread-safe; what it
 * does happens on its event loop.
 */
public final class Dialer {
    private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 3000;
    /** A connection that stood for so long was a success, and its loss is met with a quick retry. */
    private static final long SUCCESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final ChannelSetup setup;
    private final ReplicaInfo target;
    private final Resolver resolver;
    private final BackOff backOff;
    private final DialLimit limit;

    // Below: only on the event loop.
    private Channel channel;
    private boolean dialling;
    private boolean open;
    private long openedNanos;
    private boolean closed;
    private boolean saidUnreachable;

    /**
     * @param lookups for host names
     * @param limit of the target
     */
    public Dialer(EventLoop loop, ChannelSetup setup, ReplicaInfo target, Executor lookups, DialLimit limit) {
        this.loop = loop;
        this.setup = setup;
        this.target = target;
        this.limit = limit;
        this.resolver = new Resolver(lookups);
        this.backOff = new BackOff(setup.limits().firstRetry(), setup.limits().lastRetry());
    }

    /** Starts to connect, and returns at once. */
    public void start() {
        loop.execute(this::dial);
    }

    /** Ends the connection, and does not connect any more. Returns at once. */
    public void close() {
        loop.execute(() -> {
            closed = true;
            if (channel != null) {
                Channels.close(channel);
            }
        });
    }

    private void dial() {
        if (!closed) {
            limit.acquire(() -> loop.execute(this::resolve));
        }
    }

    private void resolve() {
        dialling = true;
        Channels.ignore(resolver.resolve(target.host(), target.port())
                .whenComplete((address, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        retry(failure);
                    } else {
                        connect(address);
                    }
                })));
    }

    /** The handshake is over: somebody else's turn. */
    private void dialled() {
        if (dialling) {
            dialling = false;
            limit.release();
        }
    }

    private void connect(InetSocketAddress address) {
        if (closed) {
            dialled();
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        setup.prepare(ch, Optional.of(new Peer.OfReplica(target.id())), Dialer.this::opened);
                    }
                })
                .connect(address);
        channel = connecting.channel();
        Channels.ignore(connecting.addListener(done -> {
            if (done.isSuccess()) {
                saidUnreachable = false;
                Channels.ignore(channel.closeFuture().addListener(end -> lost()));
            } else {
                retry(done.cause());
            }
        }));
    }

    private void opened() {
        dialled();
        open = true;
        openedNanos = System.nanoTime();
    }

    private void lost() {
        if (open && System.nanoTime() - openedNanos >= SUCCESS_NANOS) {
            backOff.reset();
        }
        open = false;
        retry(null);
    }

    private void retry(Throwable failure) {
        dialled();
        if (closed) {
            return;
        }
        if (failure != null && !saidUnreachable) {
            saidUnreachable = true;
            LOG.info(
                    "{} cannot reach {} at {}:{} ({}); trying again until it can",
                    setup.self(),
                    target.id(),
                    target.host(),
                    target.port(),
                    failure.getMessage());
        }
        Channels.ignore(loop.schedule(this::dial, backOff.nextNanos(), TimeUnit.NANOSECONDS));
    }
}
