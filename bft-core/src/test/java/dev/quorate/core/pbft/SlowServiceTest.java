package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.smr.Notice;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service that takes several status intervals for each batch. Requests lose patience after ten of them. */
class SlowServiceTest {
    private static final int INTERVALS_OF_A_BATCH = 4;

    private final TestCluster keys = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults().with(Limit.STATUS_INTERVAL, 100).with(Limit.VIEW_TIMEOUT, 1_000));
    private final LoopbackCluster cluster = new LoopbackCluster(keys);

    @Test
    @DisplayName("a primary is not to blame for a service that takes longer than requests may wait")
    void aSlowServiceIsNotThePrimarysFault() {
        cluster.keepBusy();
        cluster.request(0, "long", 0, 1, 2, 3);
        cluster.run();
        cluster.request(1, "waits", 0, 1, 2, 3);
        cluster.run();
        cluster.tick(40);
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
        cluster.finishOne();
        cluster.finishOne();
        for (int replica = 0; replica < 4; replica++) {
            assertThat(cluster.executed(replica)).containsExactly("long", "waits");
            assertThat(cluster.status(replica).view()).isEqualTo(View.ZERO);
        }
    }

    @Test
    @DisplayName("a primary that censors a client is replaced, also if the service is busy all the time")
    void aBusyServiceDoesNotShieldACensor() {
        cluster.keepBusy();
        // What the backups pass on never gets anywhere.
        cluster.lose((from, to, message) -> to == 0 && message.type() == MessageType.REQUEST);
        cluster.request(1, "censored", 1, 2, 3);
        cluster.run();
        int batches = 0;
        while (cluster.status(1).view().equals(View.ZERO)) {
            assertThat(batches++).isLessThan(60);
            cluster.request(0, "op" + batches, 0, 1, 2, 3);
            cluster.run();
            cluster.tick(INTERVALS_OF_A_BATCH);
            cluster.finishOne();
        }
        for (int i = 0; i < 5; i++) {
            cluster.tick(INTERVALS_OF_A_BATCH);
            cluster.finishOne();
        }
        for (int replica = 1; replica < 4; replica++) {
            assertThat(cluster.executed(replica)).contains("censored");
        }
    }
}
