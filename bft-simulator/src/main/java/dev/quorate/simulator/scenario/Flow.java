package dev.quorate.simulator.scenario;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Peer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Some of the messages of a scenario: those from some nodes to some nodes that satisfy a condition. Immutable: each
 * method returns a narrower one.
 */
public final class Flow {
    private final BiPredicate<Peer, Peer> ends;
    private final Predicate<Message> what;

    private Flow(BiPredicate<Peer, Peer> ends, Predicate<Message> what) {
        this.ends = ends;
        this.what = what;
    }

    /** All messages. */
    public static Flow all() {
        return new Flow((from, to) -> true, message -> true);
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
        return between((from, to) -> isOneOf(from, replicas));
    }

    /** Only those to these replicas. */
    public Flow to(int... replicas) {
        return between((from, to) -> isOneOf(to, replicas));
    }

    /** Only those that get from these replicas to anybody else, or back. */
    public Flow across(int... replicas) {
        return between((from, to) -> isOneOf(from, replicas) != isOneOf(to, replicas));
    }

    /** Only those from clients. */
    public Flow fromClients() {
        return between((from, to) -> from instanceof Peer.OfClient);
    }

    /** Only those to clients. */
    public Flow toClients() {
        return between((from, to) -> to instanceof Peer.OfClient);
    }

    /** Only those between replicas. */
    public Flow amongReplicas() {
        return between((from, to) -> from instanceof Peer.OfReplica && to instanceof Peer.OfReplica);
    }

    private Flow between(BiPredicate<Peer, Peer> narrower) {
        return new Flow(ends.and(narrower), what);
    }

    /** Only those of which this is true. */
    public Flow where(Predicate<Message> condition) {
        return new Flow(ends, what.and(condition));
    }

    boolean includes(Peer sender, Peer receiver, Message message) {
        return ends.test(sender, receiver) && what.test(message);
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
