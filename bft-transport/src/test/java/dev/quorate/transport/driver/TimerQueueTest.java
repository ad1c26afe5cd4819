package dev.quorate.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.View;
import dev.quorate.core.smr.TimerId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimerQueueTest {
    private final TimerQueue timers = new TimerQueue();

    private static TimerId timer(int number) {
        return new TimerId(TimerId.Kind.STATUS, new View(number));
    }

    @Test
    void firesInOrderAndOnce() {
        timers.start(timer(1), 100);
        timers.start(timer(2), 50);
        assertThat(timers.nanosToNext(20, 1000)).isEqualTo(30);
        assertThat(timers.pollDue(49)).isEmpty();
        assertThat(timers.pollDue(100)).contains(timer(2));
        assertThat(timers.nanosToNext(200, 1000)).isZero();
        assertThat(timers.pollDue(100)).contains(timer(1));
        assertThat(timers.pollDue(1000)).isEmpty();
        assertThat(timers.nanosToNext(1000, 77)).isEqualTo(77);
    }

    @Test
    void startingAnewReplaces() {
        timers.start(timer(1), 50);
        timers.start(timer(1), 100);
        assertThat(timers.pollDue(99)).isEmpty();
        assertThat(timers.nanosToNext(60, 1000)).isEqualTo(40);
        timers.start(timer(1), 10);
        assertThat(timers.pollDue(10)).contains(timer(1));
        assertThat(timers.pollDue(1000)).isEmpty();
    }

    @Test
    void worksWhereNanoTimeOverflows() {
        long now = Long.MAX_VALUE - 10;
        timers.start(timer(1), now + 100);
        timers.start(timer(2), now + 5);
        assertThat(timers.pollDue(now + 50)).contains(timer(2));
        assertThat(timers.pollDue(now + 50)).isEmpty();
        assertThat(timers.nanosToNext(now + 50, 1000)).isEqualTo(50);
        assertThat(timers.pollDue(now + 100)).contains(timer(1));
    }

    /** Against a map of deadlines, which is obviously right, with many replaced and stopped timers. */
    @Property(tries = 100)
    void behavesLikeAMapOfDeadlines(@ForAll @Size(max = 500) List<@IntRange(min = 0, max = 999) Integer> steps) {
        TimerQueue queue = new TimerQueue();
        Map<Integer, Long> expected = new TreeMap<>();
        long now = 0;
        for (int step : steps) {
            int number = step % 10;
            if (step < 600) {
                queue.start(timer(number), now + step);
                expected.put(number, now + step);
            } else if (step < 800) {
                queue.stop(timer(number));
                expected.remove(number);
            } else {
                now += step - 800;
            }
            for (var due = first(expected); due.isPresent() && due.get() <= now; due = first(expected)) {
                TimerId fired = queue.pollDue(now).orElseThrow();
                assertThat(expected.remove((int) fired.view().number())).isEqualTo(due.get());
            }
            assertThat(queue.pollDue(now)).isEmpty();
            assertThat(queue.nanosToNext(now, 10_000)).isEqualTo(first(expected).orElse(now + 10_000) - now);
        }
    }

    private static Optional<Long> first(Map<Integer, Long> deadlines) {
        return deadlines.values().stream().min(Comparator.naturalOrder());
    }
}
