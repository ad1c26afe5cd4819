package dev.quorate.transport.channel;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import java.time.Duration;

/**
 * The bounds of the runtime around the protocol. They follow from the cluster's {@link Limits}; no two members have to
 * agree on them. Immutable.
 *
 * @param handshakeTimeout from the first byte of a connection to its first frame
 * @param maxUnauthenticated connections whose peer is not known yet; one more pushes out the oldest
 * @param maxConnectionsPerClient of one client id; one more is refused
 * @param maxClientConnections of all clients; one more is refused
 * @param keepAlive whoever has not sent anything for so long sends an empty frame
 * @param idleTimeout a connection over which nothing came for so long is closed
 * @param firstRetry how soon a lost connection is dialled again; each failure doubles it
 * @param lastRetry how long that may get
 * @param replica bounds of a channel between replicas, on both sides
 * @param client bounds of a channel between a replica and a client, on the replica's side
 * @param clientSide bounds of the same, on the client's side
 */
public record TransportLimits(
        Duration handshakeTimeout,
        int maxUnauthenticated,
        int maxConnectionsPerClient,
        int maxClientConnections,
        Duration keepAlive,
        Duration idleTimeout,
        Duration firstRetry,
        Duration lastRetry,
        ChannelLimits replica,
        ChannelLimits client,
        ChannelLimits clientSide) {

    /** What an envelope has around its operation or result, and the whole of a small message: at most this. */
    private static final int SMALL_FRAME_BYTES = 1024;

    private static final int REPLICA_FRAMES = 16_384;
    private static final int MIN_QUEUE_BYTES = 1 << 20;

    /**
     * The bounds of one channel, seen from one side.
     *
     * @param maxFrameBytes the largest frame that the peer may send
     * @param maxMessageBytes the largest message that it may send in several frames; not above {@code maxFrameBytes} if
     *     it has to send each message as one
     * @param pieceBytes a larger message to the peer is sent in pieces of this size
     * @param outgoingFrames frames that wait to be written; more are dropped
     * @param outgoingBytes bytes of these
     * @param incomingFrames frames received and not yet handled; at so many, the channel is not read any more
     * @param incomingBytes bytes of these
     */
    public record ChannelLimits(
            int maxFrameBytes,
            int maxMessageBytes,
            int pieceBytes,
            int outgoingFrames,
            long outgoingBytes,
            int incomingFrames,
            long incomingBytes) {}

    /** What follows from a cluster's limits. */
    public static TransportLimits of(ClusterConfig cluster) {
        Limits limits = cluster.limits();
        int largest = cluster.maxMessageBytes();
        int ordinary = limits.maxBatchMessageBytes();
        int piece = limits.get(Limit.MAX_FRAME_BYTES);
        int request = limits.get(Limit.MAX_OPERATION_BYTES) + SMALL_FRAME_BYTES;
        int reply = limits.get(Limit.MAX_RESULT_BYTES) + SMALL_FRAME_BYTES;
        // Twice what one session may have outstanding: a request, and its retransmission.
        int frames = 2 * limits.get(Limit.REQUESTS_PER_SESSION);
        return new TransportLimits(
                Duration.ofSeconds(20),
                1024,
                // Each connection is a session; as many again may be left from a crash, and not be known to be dead.
                2 * limits.get(Limit.SESSIONS_PER_CLIENT),
                8192,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                new ChannelLimits(
                        piece,
                        largest,
                        piece,
                        REPLICA_FRAMES,
                        6L * ordinary + 2L * largest,
                        REPLICA_FRAMES,
                        3L * ordinary + largest),
                new ChannelLimits(request, request, reply, frames, queue(reply), frames, queue(request)),
                new ChannelLimits(reply, reply, request, frames, queue(request), frames, queue(reply)));
    }

    private static long queue(int frameBytes) {
        return Math.max(MIN_QUEUE_BYTES, 2L * frameBytes);
    }
}
