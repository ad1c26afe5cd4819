package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.crypto.Bytes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may have a state kept, and for how long. K = 4, and every checkpoint is stable at once. */
class HeldStatesTest {
    private static final ReplicaId HOG = new ReplicaId(3);
    private static final ReplicaId LAGGARD = new ReplicaId(2);
    private static final ReplicaId ANOTHER = new ReplicaId(1);

    private final Window window =
            new Window(Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8));
    private final HeldStates states = new HeldStates(window);
    private long newest;

    HeldStatesTest() {
        checkpoint();
    }

    @Test
    @DisplayName("T6 a state for which nobody waits is kept as long as somebody fetches it, however slowly")
    void t6WhoFetchesSlowlyLosesNothing() {
        long fetched = newest;
        for (int tick = 0; tick < 10_000; tick++) {
            if (tick % 19 == 0) {
                assertThat(isGiven(fetched, LAGGARD)).isTrue();
            }
            pass(1);
        }
        pass(20);
        assertThat(isGiven(fetched, LAGGARD)).isFalse();
    }

    @Test
    @DisplayName("T6 one replica cannot have an old state kept for ever while another one needs a newer one")
    void t6ALeaseEndsWhenAnotherWaits() {
        long hogged = newest;
        isGiven(hogged, HOG);
        checkpoint();
        long wanted = newest;
        for (int tick = 0; tick < 210 && isGiven(hogged, HOG); tick++) {
            wanted = newest; // What it began with is gone each time.
            isGiven(wanted, LAGGARD);
            pass(1);
        }
        assertThat(isGiven(hogged, HOG)).isFalse();
        // It is the laggard's turn, though the other asks first.
        long next = newest;
        isGiven(unstable(), HOG);
        assertThat(isGiven(next, LAGGARD)).isTrue();
        checkpoint();
        long other = newest;
        for (int tick = 0; tick < 150; tick++) {
            isGiven(other, HOG);
            assertThat(isGiven(next, LAGGARD)).isTrue();
            pass(1);
            other = newest;
        }
    }

    @Test
    @DisplayName("T6 those who wait have their turns in order, and who has given up is passed over")
    void t6TurnsInOrder() {
        long first = newest;
        isGiven(first, HOG);
        checkpoint();
        isGiven(newest, ANOTHER); // And then never again.
        for (int tick = 0; tick < 30; tick++) {
            isGiven(first, HOG);
            isGiven(newest, LAGGARD);
            pass(1);
        }
        pass(18);
        isGiven(newest, LAGGARD);
        pass(2);
        assertThat(isGiven(first, HOG)).isFalse();
        long next = newest;
        isGiven(unstable(), ANOTHER);
        assertThat(isGiven(next, LAGGARD)).isTrue();
        pass(15);
        assertThat(isGiven(next, LAGGARD)).isTrue();
    }

    private boolean isGiven(long at, ReplicaId to) {
        return states.lease(new SequenceNumber(at), to).isPresent();
    }

    /** So many ticks, in each of which the others go on by a checkpoint. */
    @Test
    @DisplayName("T6 who has fetched the state that another one has kept, and is behind again, waits for its turn, too")
    void t6BehindAgain() {
        long first = newest;
        isGiven(first, HOG);
        isGiven(first, LAGGARD);
        long wanted = newest;
        int longest = 0;
        int held = 0;
        for (int tick = 0; tick < 1000; tick++) {
            isGiven(first, HOG);
            if (!isGiven(wanted, LAGGARD) || wanted == first) {
                wanted = newest;
                isGiven(wanted, LAGGARD);
                held = 0;
            }
            longest = Math.max(longest, ++held);
            pass(1);
        }
        assertThat(longest).isGreaterThan(100);
    }

    private void pass(int ticks) {
        for (int i = 0; i < ticks; i++) {
            checkpoint();
            states.onTick();
        }
    }

    private void checkpoint() {
        newest = unstable();
        window.moveTo(new SequenceNumber(newest));
        states.discard();
    }

    /** There is one more state, which is not stable yet. */
    private long unstable() {
        SequenceNumber next = new SequenceNumber(newest + 4);
        states.add(next, StateImage.of(Bytes.EMPTY, Bytes.wrap(new byte[] {1})));
        return next.value();
    }
}
