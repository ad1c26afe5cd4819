package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Message;
import dev.quorate.core.wire.Verified;
import java.util.List;

/**
 * One way in which a replica is faulty. Several of them form a chain: what one sends goes through the next. Whatever a
 * behaviour draws it draws from {@link Adversary#random()}.
 */
public interface Behaviour {
    /** What is sent instead of {@code original}: itself, nothing, something else, or more. */
    default List<Outgoing> send(Outgoing original, Adversary adversary) {
        return List.of(original);
    }

    /** What is sent, besides, because of a valid message that arrived. */
    default List<Outgoing> received(Verified<? extends Message> message, Adversary adversary) {
        return List.of();
    }

    /** What is sent out of the blue; asked for now and then. */
    default List<Outgoing> idle(Adversary adversary) {
        return List.of();
    }
}
