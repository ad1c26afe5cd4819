package dev.quorate.simulator.byzantine;

import dev.quorate.core.message.Answer;
import dev.quorate.core.message.ReadReply;
import dev.quorate.core.message.Result;
import dev.quorate.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers reads as they may have been answered before, or will be: with a stamp that it had once, and a result that it
 * had once or makes up. So it is found on whichever side does harm.
 */
public final class StaleReads implements Behaviour {
    private static final int REMEMBERED = 64;
    private final List<ReadReply> before = new ArrayList<>();

    @Override
    public List<Outgoing> send(Outgoing original, Adversary adversary) {
        Optional<ReadReply> truth = original.as(ReadReply.class);
        if (truth.isEmpty()) {
            return List.of(original);
        }
        if (before.size() < REMEMBERED) {
            before.add(truth.get());
        } else {
            before.set(adversary.random().below(REMEMBERED), truth.get());
        }
        if (adversary.random().chance(0.2)) {
            return List.of(original);
        }
        ReadReply stamp = adversary.random().pick(before);
        ReadReply result = adversary.random().pick(before);
        String number = String.valueOf(adversary.random().below(3));
        Result made = Result.ok(Bytes.wrap(number.getBytes(StandardCharsets.US_ASCII)));
        ReadReply lie = adversary.random().chance(0.5)
                ? new ReadReply(adversary.self(), truth.get().read(), stamp.stamp(), result.answer())
                : new ReadReply(adversary.self(), truth.get().read(), stamp.stamp(), Answer.whole(made));
        return List.of(original.saying(adversary.sealer().seal(lie)));
    }
}
