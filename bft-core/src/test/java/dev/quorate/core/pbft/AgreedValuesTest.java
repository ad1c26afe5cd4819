package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Commit;
import dev.quorate.core.pbft.LoopbackCluster.Agreed;
import dev.quorate.core.smr.Notice;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Time, seeds and predictions are the same at all replicas, whatever happens to their primaries. K = 4, L = 8. */
class AgreedValuesTest {
    private static final int[] ALL = {0, 1, 2, 3};
    private static final long NOW = 1_000_000_000;
    private static final int SKEW = Limit.MAX_CLOCK_SKEW.defaultValue();
    private static final long DAY = 24 * 3_600_000;

    private final TestCluster keys = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults()
                    .with(Limit.CHECKPOINT_INTERVAL, 4)
                    .with(Limit.WINDOW, 8)
                    .with(Limit.HISTORY_BYTES, 0));
    private LoopbackCluster cluster = new LoopbackCluster(keys);

    @Test
    void timeAndRandomNumbersAreTheSameAtAllReplicas() {
        for (int i = 0; i < 10; i++) {
            clocks(NOW + 1_000L * i);
            cluster.request(0, "r" + i, 0);
            cluster.request(1, "s" + i, 0);
            cluster.run();
        }
        assertThat(cluster.agreed(0)).hasSize(20);
        for (int replica : ALL) {
            assertThat(cluster.agreed(replica)).isEqualTo(cluster.agreed(0));
        }
        assertThat(cluster.agreed(0).stream().map(Agreed::random)).doesNotHaveDuplicates();
        assertThat(cluster.agreed(0).get(19).millis()).isEqualTo(NOW + 9_000);
    }

    @Test
    @DisplayName("T8 the agreed time comes with the state: it does not go back at one replica only")
    void t8TheAgreedTimeComesWithTheState() {
        clocks(NOW + 5_000);
        cluster.cutOff(3);
        order(20);
        cluster.heal(3);
        cluster.tick(15);
        assertThat(cluster.notices(Notice.StateTransferFinished.class)).isNotEmpty();
        clocks(NOW);
        order(8);
        assertThat(cluster.notices(Notice.Diverged.class)).isEmpty();
        assertThat(last(3)).isEqualTo(last(0));
        assertThat(last(3).millis()).isEqualTo(NOW + 5_000);
    }

    @Test
    @DisplayName("B1 what a NEW-VIEW proposes again is voted for, however long ago its time was")
    void b1AnOldTimeThatIsProposedAgainIsVotedFor() {
        clocks(NOW);
        prepareButDoNotCommit();
        clocks(NOW + DAY);
        cluster.disconnect(0);
        cluster.run();
        for (int replica : new int[] {1, 2, 3}) {
            assertThat(cluster.executed(replica)).containsExactly("a");
            assertThat(last(replica).millis()).isEqualTo(NOW);
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
        }
    }

    @Test
    @DisplayName("P10 what a NEW-VIEW proposes again is voted for when its time has come, and nobody is suspected")
    void p10AFutureTimeThatIsProposedAgainIsWaitedFor() {
        clocks(NOW);
        cluster.clock(0, NOW + SKEW);
        cluster.clock(3, NOW - SKEW);
        prepareButDoNotCommit();
        cluster.disconnect(0);
        cluster.tick(20);
        assertThat(cluster.status(3).view()).isEqualTo(new View(1));
        assertThat(cluster.executed(1)).isEmpty();
        cluster.clock(3, NOW);
        cluster.tick(1);
        for (int replica : new int[] {1, 2, 3}) {
            assertThat(last(replica).millis()).isEqualTo(NOW + SKEW);
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
        }
    }

    @Test
    void everyOperationFindsThePrediction() {
        cluster = new LoopbackCluster(keys, true);
        order(3);
        for (int replica : ALL) {
            assertThat(cluster.agreed(replica))
                    .hasSize(3)
                    .allMatch(a -> a.prediction().equals("sunny"));
        }
    }

    @Test
    @DisplayName("P10 a primary whose predictions are refused is replaced")
    void p10APrimaryWhosePredictionsAreRefusedIsReplaced() {
        cluster = new LoopbackCluster(keys, true);
        cluster.predict(replica -> replica == 0 ? "absurd" : "cloudy", prediction -> prediction.equals("cloudy"));
        cluster.request(0, "a", ALL);
        cluster.run();
        cluster.tick(3);
        for (int replica : ALL) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
            assertThat(cluster.agreed(replica)).extracting(Agreed::prediction).containsExactly("cloudy");
        }
    }

    @Test
    void predictionsThatViewChangesOvertookHaveNoConsequence() {
        cluster = new LoopbackCluster(keys, true);
        cluster.hesitate(0);
        cluster.hesitate(1);
        cluster.request(0, "a", ALL);
        cluster.run();
        assertThat(cluster.executed(2)).isEmpty();
        cluster.disconnect(0);
        cluster.run();
        cluster.heal(0);
        cluster.tick(1);
        cluster.disconnect(1);
        cluster.run();
        cluster.heal(1);
        cluster.tick(1);
        assertThat(cluster.status(2).view()).isEqualTo(new View(2));
        assertThat(cluster.executed(2)).containsExactly("a");

        cluster.predict(replica -> "too late", any -> true);
        cluster.predictAtLast(0);
        cluster.predictAtLast(1);
        cluster.tick(3);
        cluster.request(0, "b", 2);
        cluster.run();
        for (int replica : ALL) {
            assertThat(cluster.agreed(replica)).extracting(Agreed::operation).containsExactly("a", "b");
            assertThat(cluster.agreed(replica).get(0).prediction()).isEqualTo("sunny");
        }
    }

    /** Positions are prepared everywhere, and committed nowhere. */
    private void prepareButDoNotCommit() {
        cluster.lose((from, to, message) -> message instanceof Commit);
        cluster.request(0, "a", 0);
        cluster.run();
        cluster.lose((from, to, message) -> false);
        for (int replica : ALL) {
            assertThat(cluster.executed(replica)).isEmpty();
        }
    }

    private void order(int requests) {
        for (int i = 0; i < requests; i++) {
            cluster.request(0, "r" + i, 0);
            cluster.run();
        }
    }

    private void clocks(long millis) {
        for (int replica : ALL) {
            cluster.clock(replica, millis);
        }
    }

    private Agreed last(int replica) {
        List<Agreed> all = cluster.agreed(replica);
        return all.get(all.size() - 1);
    }
}
