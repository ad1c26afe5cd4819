package dev.quorate.simulator.scenario;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import java.util.function.Predicate;

/**
 * Some of the messages of a scenario: those from some nodes to some nodes that satisfy a condition. Immutable: each
 * method returns a narrower one.
 */
public final class Flow {
    private final Predicate<Peer> from;
    private final Predicate<Peer> to;
    private final Predicate<Message> what;

    private Flow(Predicate<Peer> from, Predicate<Peer> to, Predicate<Message> what) {
        this.from = from;
        this.to = to;
        this.what = what;
    }

    /** All messages. */
    public static Flow all() {
        return new Flow(peer -> true, peer -> true, message -> true);
    }

    /** All messages of one type. */
    public static Flow of(Class<? extends Message> type) {
        return all().where(type::isInstance);
    }

    /** All messages of one type that satisfy a condition. */
    public static <M extends Message> Flow of(Class<M> type, Predicate<M> condition) {
        return all().where(message -> type.isInstance(message) && condition.test(type.cast(message)));
    }

    /** Only those from these replicas. */
    public Flow from(int... replicas) {
        return new Flow(from.and(peer -> isOneOf(peer, replicas)), to, what);
    }

    /** Only those to these replicas. */
    public Flow to(int... replicas) {
        return new Flow(from, to.and(peer -> isOneOf(peer, replicas)), what);
    }

    /** Only those from clients. */
    public Flow fromClients() {
        return new Flow(from.and(Peer.OfClient.class::isInstance), to, what);
    }

    /** Only those to clients. */
    public Flow toClients() {
        return new Flow(from, to.and(Peer.OfClient.class::isInstance), what);
    }

    /** Only those of which this is true. */
    public Flow where(Predicate<Message> condition) {
        return new Flow(from, to, what.and(condition));
    }

    boolean includes(Peer sender, Peer receiver, Message message) {
        return from.test(sender) && to.test(receiver) && what.test(message);
    }

    private static boolean isOneOf(Peer peer, int... replicas) {
        if (peer instanceof Peer.OfReplica replica) {
            for (int id : replicas) {
                if (replica.id().value() == id) {
                    return true;
                }
            }
        }
        return false;
    }
}
