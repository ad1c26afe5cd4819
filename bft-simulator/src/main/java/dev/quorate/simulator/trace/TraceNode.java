package dev.quorate.simulator.trace;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import java.util.Comparator;

/**
 * Where something happens. Ordered as a diagram shows them: the network, then clients, then replicas.
 *
 * @param id at least 0; 0 for the network
 */
public record TraceNode(Kind kind, int id) implements Comparable<TraceNode> {
    /** Stands for what concerns no single node, such as a partition. */
    public static final TraceNode NETWORK = new TraceNode(Kind.NETWORK, 0);

    private static final Comparator<TraceNode> ORDER =
            Comparator.comparing(TraceNode::kind).thenComparingInt(TraceNode::id);

    /** What a node is. */
    public enum Kind {
        NETWORK,
        CLIENT,
        REPLICA
    }

    public static TraceNode of(ReplicaId replica) {
        return new TraceNode(Kind.REPLICA, replica.value());
    }

    public static TraceNode of(ClientId client) {
        return new TraceNode(Kind.CLIENT, client.value());
    }

    @Override
    public int compareTo(TraceNode that) {
        return ORDER.compare(this, that);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NETWORK -> "network";
            case CLIENT -> "client " + id;
            case REPLICA -> "replica " + id;
        };
    }
}
