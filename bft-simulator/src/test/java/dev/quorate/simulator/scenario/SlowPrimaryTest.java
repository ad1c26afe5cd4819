package dev.quorate.simulator.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.View;
import dev.quorate.core.message.PrePrepare;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A primary that orders, but slowly (Clement et al. 2009, section 4.3). The view timeout is a second. */
final class SlowPrimaryTest {
    private static final int CLIENTS = 8;
    private static final Duration JUST_UNDER_THE_TIMEOUT = Duration.ofMillis(900);
    private static final Duration STEP = Duration.ofMillis(5);

    @Test
    void p6APrimaryThatBecomesSlowIsReplacedAndThroughputRecovers() {
        Scenario scenario = Scenario.pbft(4).clients(CLIENTS).start();
        work(scenario, CLIENTS, Duration.ofSeconds(5));
        int inGoodTimes = work(scenario, CLIENTS, Duration.ofSeconds(2));

        Valve proposals = delayProposals(scenario);
        int inBadTimes = work(scenario, CLIENTS, JUST_UNDER_THE_TIMEOUT);
        assertThat(view(scenario)).isEqualTo(View.ZERO);
        for (int i = 0; i < 10 && view(scenario).equals(View.ZERO); i++) {
            proposals.releaseNow();
            work(scenario, CLIENTS, JUST_UNDER_THE_TIMEOUT);
        }
        assertThat(view(scenario)).isEqualTo(new View(1));
        work(scenario, CLIENTS, Duration.ofSeconds(2));
        int afterwards = work(scenario, CLIENTS, Duration.ofSeconds(2));
        assertThat(afterwards).isGreaterThan(inGoodTimes / 2).isGreaterThan(10 * inBadTimes);
    }

    @Test
    void aPrimaryThatWasNeverFasterIsNotSuspected() {
        Scenario scenario = Scenario.pbft(4).clients(CLIENTS).start();
        Valve proposals = delayProposals(scenario);
        for (int i = 0; i < 20; i++) {
            work(scenario, CLIENTS, JUST_UNDER_THE_TIMEOUT);
            proposals.releaseNow();
        }
        assertThat(view(scenario)).isEqualTo(View.ZERO);
    }

    @Test
    void p6ChangesOfLoadAreNoReasonToSuspect() {
        int many = 64;
        Scenario scenario = Scenario.pbft(4).clients(many).start();
        for (int round = 0; round < 3; round++) {
            assertThat(work(scenario, many, Duration.ofSeconds(4))).isGreaterThan(1_000);
            assertThat(work(scenario, 1, Duration.ofSeconds(4))).isLessThan(1_000);
        }
        assertThat(view(scenario)).isEqualTo(View.ZERO);
    }

    private static Valve delayProposals(Scenario scenario) {
        return scenario.hold(Flow.of(PrePrepare.class).from(0));
    }

    /** Lets the first clients ask for one thing after the other; returns how many they were given. */
    private static int work(Scenario scenario, int clients, Duration time) {
        int before = results(scenario, clients);
        for (long left = time.toMillis(); left > 0; left -= STEP.toMillis()) {
            for (int i = 0; i < clients; i++) {
                ScriptedClient client = scenario.client(i);
                if (client.isIdle()) {
                    client.invoke("put x " + i);
                }
            }
            scenario.runFor(STEP);
        }
        return results(scenario, clients) - before;
    }

    private static int results(Scenario scenario, int clients) {
        return IntStream.range(0, clients)
                .map(i -> scenario.client(i).results().size())
                .sum();
    }

    private static View view(Scenario scenario) {
        return scenario.status(1).view();
    }
}
