package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Message;
import dev.quorate.core.message.Request;
import dev.quorate.core.wire.Verified;
import dev.quorate.simulator.kernel.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the faulty replicas of a run have seen, and share with each other. They are assumed to collude. */
public final class Loot {
    private static final int MAX = 500;

    private final List<Verified<? extends Message>> transferable = new ArrayList<>();
    private final List<Verified<Request>> requests = new ArrayList<>();
    private int next;

    /** Keeps a message that was seen. Old ones make room. */
    public void add(Verified<? extends Message> message) {
        if (message.message() instanceof Request) {
            put(requests, message.as(Request.class));
        } else if (message.message().type().isTransferable()) {
            put(transferable, message);
        }
    }

    private <T> void put(List<T> list, T element) {
        if (list.size() < MAX) {
            list.add(element);
        } else {
            next = (next + 7) % MAX;
            list.set(next, element);
        }
    }

    /** Some message that anybody may pass on. */
    public Optional<Verified<? extends Message>> anyTransferable(Randomness random) {
        return transferable.isEmpty() ? Optional.empty() : Optional.of(random.pick(transferable));
    }

    /** Some genuine request, perhaps one that has been executed long ago. */
    public Optional<Verified<Request>> anyRequest(Randomness random) {
        return requests.isEmpty() ? Optional.empty() : Optional.of(random.pick(requests));
    }
}
