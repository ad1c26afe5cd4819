package dev.quorate.transport.channel;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.RejectionReason;
import dev.quorate.crypto.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first frame that each side sends once TLS stands, {@value #LENGTH} bytes: {@code "QRTM" | wire version (2) |
 * reserved (2) | cluster id (16) | session (8)}, big-endian.
 *
 * @param version of everything that follows
 * @param clusterId of the sender's cluster configuration
 * @param session a client's session id, so that a replica knows which of a client's connections a reply is for; 0 from
 *     replicas
 */
public record Hello(int version, Bytes clusterId, long session) {
    /** The version that this code speaks. */
    public static final int VERSION = 1;

    static final int LENGTH = 32;
    private static final int MAGIC = 0x5152544d;

    /** What this side says; {@code session} is 0 for replicas. */
    public static Hello of(ClusterConfig config, long session) {
        return new Hello(VERSION, config.clusterId(), session);
    }

    Bytes encode() {
        return Bytes.wrap(ByteBuffer.allocate(LENGTH)
                .putInt(MAGIC)
                .putShort((short) version)
                .putShort((short) 0)
                .put(clusterId.unsafeArray())
                .putLong(session)
                .array());
    }

    /** Empty if the frame is none. */
    static Optional<Hello> decode(Bytes frame) {
        if (frame.length() != LENGTH) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(frame.unsafeArray());
        if (in.getInt() != MAGIC) {
            return Optional.empty();
        }
        int version = Short.toUnsignedInt(in.getShort());
        in.getShort(); // reserved
        byte[] clusterId = new byte[ClusterConfig.CLUSTER_ID_BYTES];
        in.get(clusterId);
        return Optional.of(new Hello(version, Bytes.wrap(clusterId), in.getLong()));
    }

    /** Why whoever says {@code own} does not talk to whoever says this; empty if it does. */
    Optional<Refusal> refusedBy(Hello own) {
        if (version != own.version) {
            return Optional.of(new Refusal(
                    RejectionReason.MALFORMED,
                    "it speaks wire version " + version + ", and this side " + own.version
                            + ": run the same release everywhere"));
        }
        if (!clusterId.equals(own.clusterId)) {
            return Optional.of(new Refusal(
                    RejectionReason.FOREIGN_CLUSTER,
                    "its configuration has another clusterId: give both sides the same cluster configuration"));
        }
        return Optional.empty();
    }
}
