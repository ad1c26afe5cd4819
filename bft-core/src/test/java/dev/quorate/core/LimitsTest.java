package dev.quorate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LimitsTest {
    @ParameterizedTest
    @EnumSource
    void aLimitTakesTheValuesOfItsRangeAndNoOthers(Limit limit) {
        assertThat(Limits.defaults().get(limit)).isEqualTo(limit.defaultValue());
        for (int value : new int[] {limit.min(), limit.defaultValue(), limit.max()}) {
            assertThat(Limits.defaults().with(limit, value).get(limit)).isEqualTo(value);
        }
        for (int value : new int[] {limit.min() - 1, limit.max() + 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> Limits.defaults().with(limit, value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(
                            limit.configName(),
                            String.valueOf(value),
                            String.valueOf(limit.min()),
                            String.valueOf(limit.max()),
                            limit.unit());
        }
    }

    @Test
    void theDefaultsAreConsistent() {
        assertThat(Limits.defaults().requireConsistent()).isEqualTo(Limits.defaults());
    }

    @Test
    void changingALimitLeavesTheOriginalAsItWas() {
        Limits changed = Limits.defaults().with(Limit.WINDOW, 512);

        assertThat(Limits.defaults().get(Limit.WINDOW)).isEqualTo(256);
        assertThat(changed).isNotEqualTo(Limits.defaults());
        assertThat(changed.with(Limit.WINDOW, 256)).isEqualTo(Limits.defaults()).hasSameHashCodeAs(Limits.defaults());
        assertThatThrownBy(() -> changed.changed().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({"4, 8, true", "4, 12, true", "1, 2, true", "4, 4, false", "4, 10, false", "8, 4, false"})
    void theWindowIsAMultipleOfTheCheckpointInterval(int interval, int window, boolean consistent) {
        Limits limits =
                Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, interval).with(Limit.WINDOW, window);
        if (consistent) {
            assertThat(limits.requireConsistent()).isEqualTo(limits);
        } else {
            assertThatThrownBy(limits::requireConsistent)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("window", "checkpointInterval");
        }
    }

    @Test
    void onlyPeriodsAreDurations() {
        assertThat(Limits.defaults().period(Limit.CLIENT_RETRY)).isEqualTo(Duration.ofMillis(500));
        assertThatThrownBy(() -> Limits.defaults().period(Limit.WINDOW)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theLargestLimitsGiveAFrameThatAnArrayCanHold() {
        Limits limits = Limits.defaults();
        for (Limit limit : Limit.values()) {
            limits = limits.with(limit, limit.max());
        }
        assertThat(limits.maxBatchMessageBytes()).isBetween(128 << 20, 256 << 20);
    }
}
