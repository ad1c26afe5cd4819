package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.FetchState;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.smr.Effect;
import dev.quorate.core.smr.Event;
import dev.quorate.core.smr.StateImage;
import dev.quorate.core.smr.TimerId;
import dev.quorate.crypto.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 2 fetches a state of 60 chunks; 0 and 1 answer at once, 3 is faulty and answers one part now and then. */
class SlowSourceTest {
    /** For so many ticks the others keep the state after they were asked for a part of it. */
    private static final int KEPT_TICKS = 20;

    private static final ReplicaId SLOW = new ReplicaId(3);

    private final TestCluster keys = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    private final PbftReplica replica = new PbftReplica(keys.config(), new ReplicaId(2), keys.replicaSealer(2));
    private final StateImage image = image();
    private final Deque<Integer> heldBack = new ArrayDeque<>();
    /** How often each part was asked for. */
    private final Map<Integer, Integer> asked = new TreeMap<>();

    private int refusals;
    /** The first checkpoint whose state 0 and 1 have. */
    private long othersHaveFrom;
    /** The last state that was asked for. */
    private long target;

    private int tick;
    private int lastAskedOfOthers;
    private boolean complete;

    @Test
    @DisplayName(
            "T5 a source that answers one part now and then does not hold up the others until they let go of the state")
    void t5OnePartNowAndThen() {
        begin(9); // Until replica 2 has learned to wait for eight intervals.
        while (!complete && tick < 400) {
            tick();
            if (tick % 4 == 0 && !heldBack.isEmpty()) {
                answer(SLOW, heldBack.removeLast());
            }
        }
        assertThat(complete).isTrue();
        assertThat(tick - lastAskedOfOthers).isLessThan(KEPT_TICKS);
    }

    @Test
    @DisplayName("T5 what one source owes is asked of another one only after some patience, and of one at a time")
    void t5NoPartIsAskedOfEverybodyAtOnce() {
        begin(0);
        while (asked.isEmpty()) {
            tick();
        }
        assertThat(asked.values()).containsOnly(1);
        while (!complete) {
            tick();
        }
        assertThat(asked.values()).contains(2).doesNotContain(3);
    }

    @Test
    @DisplayName(
            "T5 a source that alone has a state, and gives a part now and then, is left for a state that others have")
    void t5OnlyTheSlowOneHasIt() {
        othersHaveFrom = 88;
        begin(4); // Replica 2 learns to wait for 16 intervals.
        while (!complete && tick < 1000) {
            tick();
            if (tick == 50) {
                stable(88);
            }
            if (tick % 8 == 0 && !heldBack.isEmpty()) {
                answer(SLOW, heldBack.removeFirst());
            }
        }
        assertThat(complete).isTrue();
        assertThat(target).isEqualTo(88);
    }

    /** A checkpoint becomes stable that replica 2 is far from. The first answers are that nobody has that state. */
    private void begin(int refused) {
        refusals = refused;
        give(new Event.Started(Bytes.EMPTY));
        stable(80);
    }

    private void stable(long at) {
        List<Signed<Checkpoint>> checkpoints = IntStream.of(0, 1, 3)
                .mapToObj(i -> keys.replicaSealer(i)
                        .seal(new Checkpoint(new ReplicaId(i), Steps.seq(at), image.root(Steps.seq(at))))
                        .signed())
                .toList();
        give(new Event.Received(
                keys.replicaSealer(0).seal(new Stable(new ReplicaId(0), new StableCertificate(checkpoints)))));
    }

    private void tick() {
        tick++;
        give(new Event.TimerFired(new TimerId(TimerId.Kind.STATUS, View.ZERO)));
    }

    private void give(Event event) {
        for (Effect effect : replica.handle(event)) {
            if (effect instanceof Effect.Send send && send.message().message() instanceof FetchState fetch) {
                target = fetch.sequenceNumber().value();
                onFetch(send.to(), fetch.part());
            } else if (effect instanceof Effect.InstallState) {
                complete = true;
            }
        }
    }

    private void onFetch(ReplicaId source, int part) {
        if (part != 0) {
            asked.merge(part, 1, Integer::sum);
        }
        if (source.equals(SLOW) && part != 0) {
            heldBack.add(part);
        } else {
            lastAskedOfOthers = source.equals(SLOW) ? lastAskedOfOthers : tick;
            answer(source, part);
        }
    }

    private void answer(ReplicaId source, int part) {
        give(new Event.Received(keys.replicaSealer(source.value())
                .seal(new StatePart(source, Steps.seq(target), part, content(source, part)))));
    }

    private Bytes content(ReplicaId source, int part) {
        boolean hasIt = source.equals(SLOW) || target >= othersHaveFrom;
        if (!hasIt || (part == 0 && refusals-- > 0)) {
            return Bytes.EMPTY;
        }
        return part > 0 ? image.chunks().get(part - 1) : image.manifest();
    }

    private static StateImage image() {
        byte[] state = new byte[60 * StateImage.CHUNK_BYTES];
        new Random(1).nextBytes(state);
        return StateImage.of(Bytes.wrap(new byte[100]), Bytes.wrap(state));
    }
}
