package dev.quorate.core.minbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.pbft.LoopbackCluster;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When a replica of MinBFT lets go of what is in its store. n = 3, K = 4, L = 8. */
class DiscardTest {
    private static final int LAGGARD = 2;

    private final LoopbackCluster cluster = new LoopbackCluster(TestCluster.of(
            Protocol.MINBFT,
            3,
            1,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8)));
    private int requests;

    private void execute(int times) {
        for (int i = 0; i < times; i++) {
            cluster.request(0, "op" + requests++, 0, 1, 2);
            cluster.run();
        }
    }

    /** All have left view 0, and executed in view 1; then the laggard alone misses four windows. */
    private void leaveBehind() {
        execute(1);
        cluster.disconnect(0);
        cluster.tick(5);
        execute(2);
        cluster.heal(0);
        cluster.tick(5);
        cluster.cutOff(LAGGARD);
        execute(32);
        cluster.heal(LAGGARD);
        assertThat(cluster.status(LAGGARD).view()).isEqualTo(new View(1));
        assertThat(cluster.executed(LAGGARD)).hasSize(3);
        assertThat(cluster.stable(LAGGARD).value()).isZero();
    }

    @Test
    @DisplayName(
            "C5 who knows of a stable checkpoint, and restarts before it has the state, is in the view in which it was")
    void c5RestartsWithACertificateAndWithoutTheState() {
        leaveBehind();
        // It hears where the others are, and is shown why they do not have any more what it asks for.
        Set<MessageType> heard = Set.of(MessageType.MIN_STATUS, MessageType.STABLE);
        cluster.lose((from, to, message) -> to == LAGGARD && !heard.contains(message.type()));
        cluster.tick(40);
        assertThat(cluster.stable(LAGGARD).value()).isGreaterThanOrEqualTo(24);
        assertThat(cluster.executed(LAGGARD)).hasSize(3);

        cluster.restart(LAGGARD);
        // What it left view 0 with was said three windows below: were that forgotten, it could vote in view 0 again.
        assertThat(cluster.status(LAGGARD).view()).isEqualTo(new View(1));

        cluster.lose((from, to, message) -> false);
        cluster.tick(10);
        cluster.cutOff(0);
        execute(2);
        assertThat(cluster.executed(LAGGARD)).hasSize(37).isEqualTo(cluster.executed(1));
    }

    @Test
    @DisplayName(
            "C5 what nobody has heard of a replica yet is in its store, however far the window has moved meanwhile")
    void c5RestartsWithWhatNobodyElseHas() {
        execute(1);
        cluster.lose((from, to, message) -> from == LAGGARD);
        execute(40);
        // It hears of a certificate and catches up. Its votes are still under way.
        cluster.lose((from, to, message) -> from == LAGGARD && message instanceof MinCommit);
        cluster.tick(10);
        assertThat(cluster.stable(LAGGARD).value()).isEqualTo(40);
        assertThat(cluster.executed(LAGGARD)).hasSize(41);

        cluster.restart(LAGGARD);
        cluster.lose((from, to, message) -> false);
        cluster.tick(50);
        // Now there is no quorum without it.
        cluster.disconnect(1);
        execute(1);
        cluster.tick(5);
        assertThat(cluster.executed(0)).hasSize(42);
        assertThat(cluster.executed(LAGGARD)).isEqualTo(cluster.executed(0));
    }
}
