package dev.quorate.core.smr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.View;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Four replicas, periods of two ticks. */
class PrimaryPaceTest {
    private static final RequestPool.Waits NONE = RequestPool.Waits.NONE;

    private final PrimaryPace pace = new PrimaryPace(4, 2);
    private long requests;

    @BeforeEach
    void begin() {
        pace.startOver(0);
    }

    @Test
    @DisplayName("P6 fewer requests that wait longer, twice in a row, are suspicious")
    void p6SlowTwiceInARow() {
        assertThat(period(0, 1000, 10)).isEmpty();
        assertThat(period(0, 10, 900)).isEmpty();
        assertThat(period(0, 10, 900))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("10 requests")
                        .contains("1000")
                        .contains("900 ms")
                        .contains("10"));
    }

    @Test
    void whoeverIsSuspectedGetsAnotherTwoPeriods() {
        period(0, 1000, 10);
        period(0, 10, 900);
        assertThat(period(0, 10, 900)).isPresent();
        assertThat(period(0, 10, 900)).isEmpty();
        assertThat(period(0, 10, 900)).isPresent();
    }

    @Test
    void fewClientsOrderFewRequestsButDoNotWait() {
        period(0, 10_000, 60);
        for (int i = 0; i < 20; i++) {
            assertThat(period(0, 10, 60)).isEmpty();
        }
    }

    @Test
    void manyClientsWaitButOrderMuch() {
        period(0, 10, 5);
        for (int i = 0; i < 20; i++) {
            assertThat(period(0, 10_000, 900)).isEmpty();
        }
    }

    @Test
    @DisplayName("P6 no false suspicion when the load changes from many clients to one and back")
    void p6ChangesOfLoadAreNotSuspicious() {
        for (int i = 0; i < 10; i++) {
            assertThat(period(0, 10_000, 80)).isEmpty();
            assertThat(period(0, 10_000, 80)).isEmpty();
            assertThat(period(0, 100, 20)).isEmpty();
            assertThat(period(0, 100, 20)).isEmpty();
            assertThat(period(0, 100, 20)).isEmpty();
        }
    }

    @Test
    void shortWaitsAreHarmless() {
        period(0, 10_000, 1);
        for (int i = 0; i < 20; i++) {
            assertThat(period(0, 10, 50)).isEmpty();
        }
    }

    @Test
    void oneSlowPeriodIsAnAccident() {
        period(0, 1000, 10);
        for (int i = 0; i < 20; i++) {
            assertThat(period(0, 10, 900)).isEmpty();
            assertThat(period(0, 900, 12)).isEmpty();
        }
    }

    @Test
    void aPeriodInWhichNobodyWasSeenToWaitSaysNothing() {
        period(0, 1000, 10);
        assertThat(period(0, 10, 900)).isEmpty();
        assertThat(silentPeriod(0, 2)).isEmpty();
        assertThat(period(0, 10, 900)).isPresent();
    }

    @Test
    @DisplayName("P6 the record outlives the view in which it was made")
    void p6TheNextPrimaryIsMeasuredByTheRecord() {
        period(0, 1000, 10);
        pace.startOver(requests);
        period(1, 10, 900);
        assertThat(period(1, 10, 900)).isPresent();
    }

    @Test
    void aNewPrimaryBeginsWithACleanSlate() {
        period(0, 1000, 10);
        period(0, 10, 900);
        pace.startOver(requests);
        assertThat(period(1, 10, 900)).isEmpty();
    }

    @Test
    void ifEverythingBecameSlowerTheRecordIsForgottenAfterEveryReplicaHadItsTurn() {
        period(0, 1000, 10);
        for (int view = 1; view < 4; view++) {
            pace.startOver(requests);
            period(view, 10, 900);
            assertThat(period(view, 10, 900)).as("view " + view).isPresent();
        }
        pace.startOver(requests);
        // One more period is measured by the old record, which it replaces.
        period(4, 10, 900);
        for (int i = 0; i < 20; i++) {
            assertThat(period(4, 10, 900)).isEmpty();
        }
    }

    @Test
    void aPeriodIsJudgedByAllItsTicks() {
        period(0, 1000, 10);
        for (int i = 0; i < 2; i++) {
            assertThat(pace.onTick(View.ZERO, requests += 5, new RequestPool.Waits(5, 5 * 900)))
                    .isEmpty();
            assertThat(pace.onTick(View.ZERO, requests += 5, NONE).isPresent()).isEqualTo(i == 1);
        }
    }

    private Optional<String> period(long view, long ordered, long waitMillis) {
        pace.onTick(new View(view), requests, NONE);
        requests += ordered;
        return pace.onTick(new View(view), requests, new RequestPool.Waits(3, 3 * waitMillis));
    }

    private Optional<String> silentPeriod(long view, long ordered) {
        pace.onTick(new View(view), requests, NONE);
        requests += ordered;
        return pace.onTick(new View(view), requests, NONE);
    }
}
