package dev.quorate.simulator.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crypto.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

final class KernelTest {
    @Test
    void randomnessIsTheSameEverywhere() {
        // The published test vector of SplitMix64 for the seed 1234567.
        Randomness random = new Randomness(1234567);

        assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
        assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
        assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    }

    @Test
    void aPurposeHasItsOwnStream() {
        Seed seed = new Seed(7);
        Randomness one = seed.stream("one");
        one.nextLong();
        long second = one.nextLong();

        Randomness again = seed.stream("one");
        seed.stream("other").nextLong();
        again.nextLong();

        assertThat(again.nextLong()).isEqualTo(second);
        assertThat(seed.stream("one", 1).nextLong())
                .isNotEqualTo(seed.stream("one", 2).nextLong());
        assertThat(new Seed(8).stream("one").nextLong())
                .isNotEqualTo(seed.stream("one").nextLong());
    }

    @Property(tries = 300)
    void boundsAreKept(
            @ForAll long state, @ForAll @IntRange(min = 1) int bound, @ForAll @LongRange(min = 1) long high) {
        Randomness random = new Randomness(state);

        assertThat(random.below(bound)).isBetween(0, bound - 1);
        assertThat(random.between(1, high)).isBetween(1L, high);
        assertThat(random.skewed(1, high)).isBetween(1L, high);
        assertThat(random.fraction()).isGreaterThanOrEqualTo(0).isLessThan(1);
    }

    @Test
    void everyValueComesUp() {
        Randomness random = new Randomness(1);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            seen.add(random.between(3, 8));
        }
        assertThat(seen).containsExactlyInAnyOrder(3, 4, 5, 6, 7, 8);
        assertThat(random.shuffled(List.of(1, 2, 3, 4))).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    @Test
    void stepsHappenInTheOrderOfTimeAndThenOfScheduling() {
        Scheduler scheduler = new Scheduler();
        List<String> happened = new ArrayList<>();
        scheduler.at(20, () -> happened.add("late"));
        scheduler.at(10, () -> {
            happened.add("first");
            scheduler.after(0, () -> happened.add("its consequence"));
        });
        scheduler.at(10, () -> happened.add("second"));
        Scheduler.Cancellable cancelled = scheduler.at(15, () -> happened.add("never"));
        cancelled.cancel();

        while (scheduler.step(19)) {
            assertThat(scheduler.now()).isEqualTo(10);
        }

        assertThat(happened).containsExactly("first", "second", "its consequence");
        assertThat(scheduler.now()).isEqualTo(19);
        assertThat(scheduler.step(20)).isTrue();
        assertThat(happened).last().isEqualTo("late");
        assertThat(scheduler.step(100)).isFalse();
        assertThat(scheduler.executed()).isEqualTo(4);
    }

    @Test
    void aStepInThePastHappensNow() {
        Scheduler scheduler = new Scheduler();
        scheduler.at(50, () -> scheduler.at(10, () -> {}));
        scheduler.step(100);

        assertThat(scheduler.step(100)).isTrue();
        assertThat(scheduler.now()).isEqualTo(50);
    }

    @Test
    void aDigestDependsOnEverythingAndOnItsOrder() {
        Set<Object> digests = new HashSet<>();
        digests.add(digest("a", "b"));
        digests.add(digest("b", "a"));
        digests.add(digest("ab", ""));
        digests.add(digest("a"));
        assertThat(digests).hasSize(4);
        assertThat(digest("a", "b")).isEqualTo(digest("a", "b"));
    }

    private static Object digest(String... kinds) {
        RunDigest digest = new RunDigest();
        for (String kind : kinds) {
            digest.add(1, kind, 2, Bytes.EMPTY);
        }
        return digest.value();
    }

    @Test
    void seededKeysAreTheSameEachTime() {
        byte[] one = new byte[40];
        byte[] other = new byte[40];
        new SeededSecureRandom(new Randomness(5)).nextBytes(one);
        new SeededSecureRandom(new Randomness(5)).nextBytes(other);

        assertThat(one).isEqualTo(other);
        assertThat(new SeededSecureRandom(new Randomness(5)).generateSeed(40)).isEqualTo(one);
    }
}
